//! Atoms into lines: where a line ends, and where on it each atom stands. Refuses to know pages.
use super::{
    Item, Kind, Style,
    atoms::{Atom, Break, Ink},
};
use crate::{Glyph, markup::Align};
use std::{ops::Range, rc::Rc};

/// A line of text: items relative to its upper left corner.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub height: f32,
    pub items: Vec<Item>,
}

/// The share of the em above and below the baseline; the rest of a line's height is divided evenly.
const ASCENT: f32 = 0.88;
const DESCENT: f32 = 0.12;

/// Breaks at the last place that still fits; what does not fit at all is divided where it must.
pub fn lines(atoms: &[Atom], room: f32, style: Style, align: Align, justify: bool) -> Vec<Line> {
    let divided: Vec<Atom> = atoms.iter().flat_map(|atom| divided(atom, room)).collect();
    let ranges = ranges(&divided, room);
    let last = ranges.len().saturating_sub(1);
    let line = |(number, range): (usize, Range<usize>)| {
        let ends_itself = number == last || divided[range.end - 1].end == Break::Must;
        placed(&divided[range], room, style, align, justify && !ends_itself)
    };
    ranges.into_iter().enumerate().map(line).collect()
}

/// The room that the text wants on one line (the longest of its own lines), and the least that divides no word.
pub fn widths(atoms: &[Atom]) -> (f32, f32) {
    let (mut natural, mut least, mut line, mut word) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    for (index, atom) in atoms.iter().enumerate() {
        let before = index.checked_sub(1).map_or(0.0, |before| atom.room_before(&atoms[before]));
        line += before + atom.width;
        if !atom.is_space() {
            word += before + atom.width;
            natural = natural.max(line);
            least = least.max(word);
        }
        if atom.end != Break::No {
            word = 0.0;
        }
        if atom.end == Break::Must {
            line = 0.0;
        }
    }
    (natural, least)
}

/// An atom that is wider than the line, glyph by glyph.
fn divided(atom: &Atom, room: f32) -> Vec<Atom> {
    let Ink::Glyphs { face, glyphs, colour } = &atom.ink else { return vec![atom.clone()] };
    if atom.width <= room || glyphs.len() < 2 {
        return vec![atom.clone()];
    }
    let mut parts: Vec<Atom> = Vec::new();
    let mut from = 0;
    while from < glyphs.len() {
        let start = glyphs[from].start;
        let to =
            glyphs[from..].iter().position(|glyph| glyph.start != start).map_or(glyphs.len(), |length| from + length);
        let own: Rc<[Glyph]> =
            glyphs[from..to].iter().map(|glyph| Glyph { start: 0, end: glyph.end - start, ..*glyph }).collect();
        parts.push(Atom {
            text: atom.text[start..glyphs[from].end].to_owned(),
            width: own.iter().map(|glyph| glyph.advance * atom.size).sum(),
            ink: Ink::Glyphs { face: *face, glyphs: own, colour: *colour },
            size: atom.size,
            end: if to == glyphs.len() { atom.end } else { Break::May },
        });
        from = to;
    }
    parts
}

fn ranges(atoms: &[Atom], room: f32) -> Vec<Range<usize>> {
    /// Sums of widths are not exact.
    const SLIGHTLY: f32 = 0.01;
    let (mut ranges, mut start) = (Vec::new(), 0);
    while start < atoms.len() {
        let (mut x, mut may, mut end) = (0.0, None, atoms.len());
        for (index, atom) in atoms.iter().enumerate().skip(start) {
            x += if index == start { -atom.empty_before() } else { atom.room_before(&atoms[index - 1]) };
            let fits = atom.is_space() || x + atom.width - atom.empty_behind() <= room + SLIGHTLY;
            if !fits && index > start {
                end = may.unwrap_or(index);
                break;
            }
            x += atom.width;
            match atom.end {
                Break::Must => {
                    end = index + 1;
                    break;
                }
                Break::May => may = Some(index + 1),
                Break::No => {}
            }
        }
        ranges.push(start..end);
        start = end;
    }
    ranges
}

fn placed(atoms: &[Atom], room: f32, style: Style, align: Align, justify: bool) -> Line {
    let inked = atoms.iter().rposition(|atom| !atom.is_space()).map_or(0, |last| last + 1);
    let atoms = &atoms[..inked];
    let mut height = style.size * style.leading;
    let mut baseline = (height - (ASCENT + DESCENT) * style.size) / 2.0 + ASCENT * style.size;
    for atom in atoms {
        if let Ink::Picture { height: picture, .. } = atom.ink
            && picture > baseline
        {
            height += picture - baseline;
            baseline = picture;
        }
    }
    let (Some(first), Some(last)) = (atoms.first(), atoms.last()) else { return Line { height, items: Vec::new() } };
    let rooms = atoms.iter().zip(&atoms[1..]).map(|(before, atom)| atom.room_before(before)).collect::<Vec<_>>();
    let inner: f32 = atoms.iter().map(|atom| atom.width).sum::<f32>() + rooms.iter().sum::<f32>();
    let spare = (room - (inner - first.empty_before() - last.empty_behind())).max(0.0);
    let gap = if justify { gap(&atoms[..atoms.len() - 1], spare, style.size) } else { 0.0 };
    let from = match align {
        Align::Left => 0.0,
        Align::Centre => spare / 2.0,
        Align::Right => spare,
    };
    let mut x = from - first.empty_before();
    let mut items: Vec<Item> = Vec::new();
    // Where the item that is being written ends, to see whether the next atom goes on with it.
    let mut written = f32::NAN;
    for (index, atom) in atoms.iter().enumerate() {
        if let Some(before) = index.checked_sub(1) {
            x += rooms[before] + if atoms[before].stretches() { gap } else { 0.0 };
        }
        write(&mut items, atom, x, baseline, &mut written);
        x += atom.width;
    }
    Line { height, items }
}

/// How much each place that stretches takes of what is spare; nothing where the line would become loose.
fn gap(atoms: &[Atom], spare: f32, size: f32) -> f32 {
    let places = atoms.iter().filter(|atom| atom.stretches());
    let spaces = places.clone().filter(|atom| atom.is_space()).count();
    let count = f32::from(u16::try_from(places.count()).unwrap_or(u16::MAX));
    let most = if spaces > 0 { 0.6 } else { 0.25 };
    let gap = spare / count;
    if count > 0.0 && gap <= most * size { gap } else { 0.0 }
}

/// Adds an atom to the line: to the text before it where font, size and colour are the same.
fn write(items: &mut Vec<Item>, atom: &Atom, x: f32, baseline: f32, written: &mut f32) {
    let (face, glyphs, colour) = match &atom.ink {
        Ink::Picture { picture, height } => {
            let kind = Kind::Picture { picture: *picture, width: atom.width, height: *height };
            items.push(Item { x, y: baseline - height, kind });
            *written = f32::NAN;
            return;
        }
        Ink::Glyphs { face, glyphs, colour } => (*face, glyphs, *colour),
    };
    if glyphs.is_empty() {
        return;
    }
    let end = x + atom.width;
    if let Some(Item { kind: Kind::Text { text, face: f, size, colour: c, glyphs: before }, .. }) = items.last_mut()
        && (*f, *c) == (face, colour)
        && (*size - atom.size).abs() < f32::EPSILON
        && !written.is_nan()
    {
        if let Some(last) = before.last_mut() {
            last.advance += (x - *written) / atom.size;
        }
        let offset = text.len();
        text.push_str(&atom.text);
        let moved = |glyph: &Glyph| Glyph { start: glyph.start + offset, end: glyph.end + offset, ..*glyph };
        before.extend(glyphs.iter().map(moved));
    } else {
        let kind = Kind::Text { text: atom.text.clone(), face, size: atom.size, colour, glyphs: glyphs.to_vec() };
        items.push(Item { x, y: baseline, kind });
    }
    *written = end;
}
