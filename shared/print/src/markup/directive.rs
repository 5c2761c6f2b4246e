//! Directives: comments of the template on lines of their own.
//!
//! | directive | what |
//! |---|---|
//! | `<!-- page-break -->` | what follows begins a new page |
//! | `<!-- space 8mm -->` | room |
//! | `<!-- keep -->` … `<!-- /keep -->` | what is between stays on one page |
//! | `<!-- text size=8 align=right muted -->` | looks of the paragraph that follows |
//! | `<!-- table kind=lines widths=4,30,8 share=50% right size=8 joined -->` | looks of the table that follows; `kind` is `lines`, `plain`, `totals` or `sign` |
use super::{Align, Look, Table, TableKind};
use crate::settings::MM;

#[derive(Debug, PartialEq)]
pub enum Directive {
    Keep,
    EndKeep,
    PageBreak,
    /// In points.
    Space(f32),
    Text(Look),
    Table(Table),
}

/// What stands between `<!--` and `-->`.
pub fn read(said: &str) -> Result<Directive, String> {
    let mut words = said.split_whitespace();
    let name = words.next().unwrap_or_default();
    match name {
        "keep" => alone(words).map(|()| Directive::Keep),
        "/keep" => alone(words).map(|()| Directive::EndKeep),
        "page-break" => alone(words).map(|()| Directive::PageBreak),
        "space" => {
            let length = length(words.next().unwrap_or_default())?;
            alone(words).map(|()| Directive::Space(length))
        }
        "text" => words.try_fold(Look::default(), look).map(Directive::Text),
        "table" => words.try_fold(Table { share: 1.0, ..Table::default() }, table).map(Directive::Table),
        _ => Err(format!("there is no directive `{name}`")),
    }
}

/// `12mm` or `30pt`, in points.
pub fn length(text: &str) -> Result<f32, String> {
    let (number, unit) = match (text.strip_suffix("mm"), text.strip_suffix("pt")) {
        (Some(number), _) => (number, MM),
        (_, Some(number)) => (number, 1.0),
        _ => ("", 1.0),
    };
    let points =
        number.parse::<f32>().ok().map(|number| number * unit).filter(|points| (0.0..=2000.0).contains(points));
    points.ok_or_else(|| format!("\"{text}\" is no length such as 12mm or 30pt"))
}

fn alone<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<(), String> {
    words.next().map_or(Ok(()), |word| Err(format!("\"{word}\" is not understood here")))
}

fn look(mut look: Look, word: &str) -> Result<Look, String> {
    match word.split_once('=').unwrap_or((word, "")) {
        ("size", size) => look.size = Some(points(size)?),
        ("align", "left") => look.align = Some(Align::Left),
        ("align", "centre") => look.align = Some(Align::Centre),
        ("align", "right") => look.align = Some(Align::Right),
        ("muted", "") => look.muted = true,
        _ => return Err(format!("\"{word}\" is not understood here")),
    }
    Ok(look)
}

fn table(mut table: Table, word: &str) -> Result<Table, String> {
    match word.split_once('=').unwrap_or((word, "")) {
        ("kind", "lines") => table.kind = TableKind::Lines,
        ("kind", "plain") => table.kind = TableKind::Plain,
        ("kind", "totals") => table.kind = TableKind::Totals,
        ("kind", "sign") => table.kind = TableKind::Sign,
        ("widths", widths) => {
            let number = |part: &str| part.parse::<f32>().ok().filter(|width| (0.1..=1000.0).contains(width));
            let widths: Option<Vec<f32>> = widths.split(',').map(number).collect();
            table.widths = widths.ok_or_else(|| format!("\"{word}\" is no list such as widths=4,30,8"))?;
        }
        ("share", share) => {
            let percent = share.strip_suffix('%').and_then(|number| number.parse::<f32>().ok());
            let percent = percent.filter(|percent| (10.0..=100.0).contains(percent));
            table.share = percent.ok_or_else(|| format!("\"{share}\" is no share from 10% to 100%"))? / 100.0;
        }
        ("right", "") => table.right = true,
        ("joined", "") => table.joined = true,
        ("size", size) => table.size = Some(points(size)?),
        _ => return Err(format!("\"{word}\" is not understood here")),
    }
    Ok(table)
}

fn points(text: &str) -> Result<f32, String> {
    let size = text.parse::<f32>().ok().filter(|size| (5.0..=72.0).contains(size));
    size.ok_or_else(|| format!("\"{text}\" is no size from 5 to 72 points"))
}
