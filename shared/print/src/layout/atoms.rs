//! A text as atoms: the pieces that no line break divides, each measured, with what may come behind it. Refuses to know how wide
//! a line is.
use super::{Context, Style, script};
use crate::{
    Colour, Glyph, PrintError,
    markup::{Span, Text},
};
use std::rc::Rc;
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// Whether a line may, or must, end behind the atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    No,
    May,
    Must,
}

#[derive(Debug, Clone)]
pub enum Ink {
    Glyphs { face: usize, glyphs: Rc<[Glyph]>, colour: Colour },
    Picture { picture: usize, height: f32 },
}

#[derive(Debug, Clone)]
pub struct Atom {
    pub text: String,
    pub ink: Ink,
    pub size: f32,
    pub width: f32,
    pub end: Break,
}

impl Atom {
    /// Takes no room at the end of a line.
    pub fn is_space(&self) -> bool {
        matches!(self.ink, Ink::Glyphs { .. }) && self.text.chars().all(|c| c.is_whitespace() && c != '\u{a0}')
    }
    fn first(&self, is: fn(char) -> bool) -> bool {
        self.text.chars().next().is_some_and(is)
    }
    fn last(&self, is: fn(char) -> bool) -> bool {
        self.text.chars().last().is_some_and(is)
    }
    /// Half of a Chinese bracket or stop is empty; this is that half, where the ink stands at the other side.
    fn half(&self, is: fn(char) -> bool) -> f32 {
        let alone = self.text.chars().nth(1).is_none() && self.width > 0.9 * self.size;
        if alone && self.first(is) { self.size / 2.0 } else { 0.0 }
    }
    /// What a line may leave out before the atom where it stands first.
    pub fn empty_before(&self) -> f32 {
        self.half(script::opens)
    }
    /// What may stand outside of the line where it stands last.
    pub fn empty_behind(&self) -> f32 {
        self.half(script::closes)
    }
    /// Room, or less of it, between two atoms: brackets and stops that meet share their empty halves; between an ideograph and a
    /// letter or digit there is a little room.
    pub fn room_before(&self, before: &Self) -> f32 {
        let (closing, opening) = (before.empty_behind(), self.empty_before());
        if closing > 0.0 && (opening > 0.0 || self.empty_behind() > 0.0) {
            return -closing;
        }
        if opening > 0.0 && before.empty_before() > 0.0 {
            return -opening;
        }
        let mixed = before.last(script::is_han) && self.first(script::is_latin)
            || before.last(script::is_latin) && self.first(script::is_han);
        if mixed { 0.15 * self.size.min(before.size) } else { 0.0 }
    }
    /// Whether a justified line may be drawn out behind it.
    pub fn stretches(&self) -> bool {
        self.is_space() || self.end != Break::No && self.last(script::is_wide)
    }
}

/// Measures a text.
pub fn atoms(context: &Context<'_>, text: &Text, style: Style) -> Result<Vec<Atom>, PrintError> {
    let mut whole = String::new();
    let mut spans = Vec::new();
    for span in text {
        let start = whole.len();
        match span {
            Span::Words { text, .. } => whole.push_str(text),
            // A picture breaks like a word.
            Span::Picture { .. } => whole.push('\u{FFFC}'),
        }
        spans.push((start..whole.len(), span));
    }
    let ends = linebreaks(&script::for_breaking(&whole)).collect::<Vec<_>>();
    let mut atoms = Vec::new();
    for (range, span) in spans {
        let (bold, colour) = match span {
            Span::Picture { file, width, height } => {
                let (picture, width, height) = context.pictures.placed(context.files, file, *width, *height)?;
                let text = String::new();
                atoms.push(Atom {
                    text,
                    ink: Ink::Picture { picture, height },
                    size: style.size,
                    width,
                    end: Break::May,
                });
                continue;
            }
            Span::Words { bold, muted, .. } => {
                (*bold || style.bold, if *muted { context.settings.muted } else { style.colour })
            }
        };
        let mut start = range.start;
        while start < range.end {
            let piece = piece(context, &whole[start..range.end], bold);
            let limit = ends.get(ends.partition_point(|(end, _)| *end <= start));
            let end = limit.map_or(range.end, |(end, _)| *end).min(start + piece);
            let last = end == whole.len();
            let behind = match limit {
                // The end of the text is no end of a line by itself.
                Some((at, BreakOpportunity::Mandatory)) if *at == end && !last => Break::Must,
                Some((at, BreakOpportunity::Allowed)) if *at == end => Break::May,
                _ => Break::No,
            };
            atoms.push(atom(context, &whole[start..end], bold, style.size, colour, behind));
            start = end;
        }
    }
    Ok(atoms)
}

/// Bytes of an atom; no word is longer, and what is no word shall not be measured over and over.
const LONGEST: usize = 256;

/// How many bytes can be one atom: a space, a wide character, or letters of one font.
fn piece(context: &Context<'_>, text: &str, bold: bool) -> usize {
    let class = |c: char| (c.is_whitespace() && c != '\u{a0}', context.faces.having(c, bold));
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    let first_class = class(first);
    if script::is_wide(first) || first_class.0 || first_class.1.is_none() {
        return first.len_utf8();
    }
    let mut rest = chars.skip_while(|(at, c)| *at < LONGEST && !script::is_wide(*c) && class(*c) == first_class);
    rest.next().map_or(text.len(), |(at, _)| at)
}

fn atom(context: &Context<'_>, text: &str, bold: bool, size: f32, colour: Colour, end: Break) -> Atom {
    let first = text.chars().next().unwrap_or(' ');
    let face = context.faces.having(first, bold);
    let (face, glyphs) = match face {
        _ if first.is_control() || script::is_invisible(first) => (0, Rc::from([])),
        Some(face) => (face, context.faces.shape(face, text)),
        None => context.faces.missing_sign(first, bold),
    };
    let width = glyphs.iter().map(|glyph| glyph.advance * size).sum();
    Atom { text: text.to_owned(), ink: Ink::Glyphs { face, glyphs, colour }, size, width, end }
}
