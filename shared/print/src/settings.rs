//! The front matter of a template: lines `name: value` between two lines `---`. Values may hold Jinja; they are read one by one, so
//! that data can never add a setting. An unknown name is an error, not ignored.
//!
//! | name | what | default |
//! |---|---|---|
//! | `language` | `zh-CN` or `en`: typography and the PDF's language | must be there |
//! | `title`, `author` | the PDF's metadata | none |
//! | `page` | `A4`, `A5` or `Letter`, `landscape` behind it turns it | A4 |
//! | `margins` | top, right, bottom, left, in mm | 24 20 22 20 |
//! | `size` | of the text, in points, 6 to 20 | 10 |
//! | `justify` | `yes` or `no` | no |
//! | `accent`, `ink`, `muted` | colours such as `#1F4E79`: titles and rules; text; what steps back | blue, near black, grey |
//! | `header`, `footer` | left \| centre \| right; `[page]` and `[pages]` are the numbers | none |
//! | `first_header` | the header of the first page | as `header` |
//! | `font`, `bold_font` | a font of the company, file in the template's folder; what it lacks is taken from the shipped ones | shipped |
//! | `fallback_font` | for rare characters; `file.ttc#2` is the third face of a collection | none |
use crate::{Colour, Language, PrintError, Template, fill};
use minijinja::Value;

/// Points (1/72 inch) in a millimetre.
pub const MM: f32 = 72.0 / 25.4;

/// What the front matter says. Lengths in points.
#[derive(Debug, Clone)]
pub struct Settings {
    pub language: Language,
    pub title: String,
    pub author: String,
    pub width: f32,
    pub height: f32,
    pub margins: Margins,
    pub size: f32,
    pub justify: bool,
    pub accent: Colour,
    pub ink: Colour,
    pub muted: Colour,
    pub header: Slots,
    pub first_header: Option<Slots>,
    pub footer: Slots,
    pub font: Option<String>,
    pub bold_font: Option<String>,
    pub fallback_font: Option<String>,
}
/// Left, centre, right; empty where nothing stands.
pub type Slots = [String; 3];

#[derive(Debug, Clone, Copy)]
pub struct Margins {
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    pub left: f32,
}

impl Settings {
    /// The room between the margins.
    pub fn body_width(&self) -> f32 {
        self.width - self.margins.left - self.margins.right
    }
    pub fn body_height(&self) -> f32 {
        self.height - self.margins.top - self.margins.bottom
    }
}

/// `(line, name, value)` of the front matter, and the body with empty lines in its place, so that lines keep their numbers.
pub fn split(template: &Template) -> (Vec<(usize, String, String)>, String) {
    let text = template.text.replace("\r\n", "\n");
    let mut lines = text.lines().enumerate();
    if lines.next().is_none_or(|(_, line)| line.trim_end() != "---") {
        return (Vec::new(), text);
    }
    let mut front = Vec::new();
    for (index, line) in lines.by_ref() {
        if line.trim_end() == "---" {
            let body: Vec<&str> = lines.map(|(_, line)| line).collect();
            return (front, format!("{}{}\n", "\n".repeat(index + 1), body.join("\n")));
        }
        if !line.trim().is_empty() && !line.starts_with('#') {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            front.push((index + 1, name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    // Without its end it is no front matter.
    (Vec::new(), text)
}

/// Reads all of it; the first thing that is wrong is told with its line.
pub fn read(template: &Template, front: &[(usize, String, String)], data: &Value) -> Result<Settings, PrintError> {
    let mut settings = Settings {
        language: Language::Chinese,
        title: String::new(),
        author: String::new(),
        width: 210.0 * MM,
        height: 297.0 * MM,
        margins: Margins { top: 24.0 * MM, right: 20.0 * MM, bottom: 22.0 * MM, left: 20.0 * MM },
        size: 10.0,
        justify: false,
        accent: Colour(0x1F, 0x4E, 0x79),
        ink: Colour(0x22, 0x26, 0x2B),
        muted: Colour(0x6B, 0x72, 0x80),
        header: Slots::default(),
        first_header: None,
        footer: Slots::default(),
        font: None,
        bold_font: None,
        fallback_font: None,
    };
    let mut seen = std::collections::BTreeSet::new();
    for (line, name, value) in front {
        let wrong = |cause: String| PrintError::Setting { template: template.name.clone(), line: *line, cause };
        if !seen.insert(name.as_str()) {
            return Err(wrong(format!("`{name}` is set twice")));
        }
        let filled = |value: &str| fill::setting(template, value, *line, data);
        if ["header", "first_header", "footer"].contains(&name.as_str()) {
            let [left, centre, right] = slots(value).map_err(wrong)?;
            let slots = [filled(&left)?, filled(&centre)?, filled(&right)?];
            match name.as_str() {
                "header" => settings.header = slots,
                "footer" => settings.footer = slots,
                _ => settings.first_header = Some(slots),
            }
            continue;
        }
        set(&mut settings, name, filled(value)?).map_err(wrong)?;
    }
    let wrong = |cause: &str| PrintError::Setting { template: template.name.clone(), line: 1, cause: cause.to_owned() };
    if !seen.contains("language") {
        return Err(wrong("the front matter does not say the `language`"));
    }
    if settings.body_width() < 60.0 * MM || settings.body_height() < 60.0 * MM {
        return Err(wrong("the margins leave less than 60 mm for the text"));
    }
    Ok(settings)
}

/// `a | b | c`; one text stands left, two stand left and right. A bar within Jinja (a filter) is none.
fn slots(value: &str) -> Result<Slots, String> {
    let (mut slots, mut depth) = (vec![String::new()], 0_usize);
    for c in value.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                slots.push(String::new());
                continue;
            }
            _ => {}
        }
        slots.last_mut().expect("there is always one").push(c);
    }
    let mut slots = slots.into_iter().map(|slot| slot.trim().to_owned());
    match (slots.next(), slots.next(), slots.next(), slots.next()) {
        (Some(left), Some(right), None, _) => Ok([left, String::new(), right]),
        (left, centre, right, None) => Ok([left, centre, right].map(Option::unwrap_or_default)),
        _ => Err(format!("\"{value}\" has more than three texts")),
    }
}

fn set(settings: &mut Settings, name: &str, value: String) -> Result<(), String> {
    match name {
        "language" => settings.language = value.parse()?,
        "title" => settings.title = value,
        "author" => settings.author = value,
        "page" => (settings.width, settings.height) = page(&value)?,
        "margins" => {
            let [top, right, bottom, left] = numbers(&value, 0.0, 100.0)?;
            settings.margins = Margins { top: top * MM, right: right * MM, bottom: bottom * MM, left: left * MM };
        }
        "size" => [settings.size] = numbers(&value, 6.0, 20.0)?,
        "justify" => settings.justify = yes(&value)?,
        "accent" => settings.accent = value.parse()?,
        "ink" => settings.ink = value.parse()?,
        "muted" => settings.muted = value.parse()?,
        "font" => settings.font = Some(value),
        "bold_font" => settings.bold_font = Some(value),
        "fallback_font" => settings.fallback_font = Some(value),
        _ => return Err(format!("there is no setting `{name}`")),
    }
    Ok(())
}

fn page(value: &str) -> Result<(f32, f32), String> {
    let (name, turned) = value.strip_suffix("landscape").map_or((value, false), |name| (name.trim_end(), true));
    let (width, height) = match name {
        "A4" => (210.0 * MM, 297.0 * MM),
        "A5" => (148.0 * MM, 210.0 * MM),
        "Letter" => (612.0, 792.0),
        _ => return Err(format!("\"{name}\" is neither A4, A5 nor Letter")),
    };
    Ok(if turned { (height, width) } else { (width, height) })
}
fn yes(value: &str) -> Result<bool, String> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("\"{value}\" is neither yes nor no")),
    }
}
/// As many numbers as are wanted, each within bounds.
fn numbers<const N: usize>(value: &str, least: f32, most: f32) -> Result<[f32; N], String> {
    let parsed: Option<Vec<f32>> = value.split_whitespace().map(|part| part.parse().ok()).collect();
    let parsed = parsed.filter(|all| all.iter().all(|number| (least..=most).contains(number)));
    let exact = parsed.and_then(|all| <[f32; N]>::try_from(all).ok());
    exact.ok_or_else(|| format!("\"{value}\" is not {N} number(s) from {least} to {most}"))
}
