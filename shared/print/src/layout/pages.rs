//! Pieces onto pages, with headers and footers. What holds together goes to the next page together, as far as a page can hold it.
//! Refuses more pages than the limit.
use super::{
    Context, Item, Kind, Style,
    atoms::atoms,
    flow::{Glue, Piece},
    lines::{lines, widths},
    paper::{Bookmark, Page},
};
use crate::{
    PrintError, limits,
    markup::{self, Align},
    settings::{Settings, Slots},
};

/// Divides the pieces among pages.
pub fn broken(pieces: &[Piece], settings: &Settings) -> Result<(Vec<Page>, Vec<Bookmark>), PrintError> {
    let mut breaker = Breaker { settings, pages: vec![Page::default()], bookmarks: Vec::new(), y: 0.0 };
    breaker.chains(pieces, Glue::Kept)?;
    Ok((breaker.pages, breaker.bookmarks))
}

struct Breaker<'a> {
    settings: &'a Settings,
    pages: Vec<Page>,
    bookmarks: Vec<Bookmark>,
    /// Below the upper margin; zero on a page on which nothing stands.
    y: f32,
}

/// Sums of heights are not exact.
const SLIGHTLY: f32 = 0.01;

impl Breaker<'_> {
    /// Places pieces that hold together at least so strongly as one.
    fn chains(&mut self, pieces: &[Piece], glue: Glue) -> Result<(), PrintError> {
        for chain in pieces.chunk_by(|piece, _| piece.glue >= glue) {
            if chain.iter().any(|piece| piece.page_break) {
                self.parted(chain, glue)?;
                continue;
            }
            let room = self.settings.body_height() + SLIGHTLY;
            if self.y > 0.0 && self.y + height(chain, false) > room {
                if height(chain, true) > room {
                    self.weaker(chain, glue)?;
                    continue;
                }
                self.turn()?;
            }
            if self.y <= 0.0 && height(chain, true) > room {
                self.weaker(chain, glue)?;
                continue;
            }
            for piece in chain {
                self.place(piece);
            }
        }
        Ok(())
    }

    /// A chain that no page can hold is divided where it holds less.
    fn weaker(&mut self, chain: &[Piece], glue: Glue) -> Result<(), PrintError> {
        match glue {
            Glue::Kept => self.chains(chain, Glue::Firm),
            Glue::Firm | Glue::None => {
                for piece in chain {
                    let room = self.settings.body_height() + SLIGHTLY;
                    if self.y > 0.0 && self.y + height(std::slice::from_ref(piece), false) > room {
                        self.turn()?;
                    }
                    self.place(piece);
                }
                Ok(())
            }
        }
    }

    /// A page break within what should hold together wins.
    fn parted(&mut self, chain: &[Piece], glue: Glue) -> Result<(), PrintError> {
        for part in chain.split_inclusive(|piece| piece.page_break) {
            let (last, before) = part.split_last().expect("no part of a slice is empty");
            let pieces = if last.page_break { before } else { part };
            self.chains(pieces, glue)?;
            if last.page_break && self.y > 0.0 {
                self.turn()?;
            }
        }
        Ok(())
    }

    fn turn(&mut self) -> Result<(), PrintError> {
        if self.pages.len() == limits::PAGES {
            return Err(PrintError::TooLong { most: limits::PAGES, what: "pages" });
        }
        self.pages.push(Page::default());
        self.y = 0.0;
        Ok(())
    }

    fn place(&mut self, piece: &Piece) {
        if self.y > 0.0 {
            self.y += piece.before;
        } else if let Some(header) = &piece.header {
            self.put(header);
        }
        self.put(piece);
    }

    fn put(&mut self, piece: &Piece) {
        let (left, top) = (self.settings.margins.left, self.settings.margins.top + self.y);
        let page = self.pages.len() - 1;
        self.pages[page].items.extend(piece.items.iter().map(|item| item.clone().moved(left, top)));
        if let Some((level, title)) = &piece.heading {
            self.bookmarks.push(Bookmark { level: *level, title: title.clone(), page, y: top });
        }
        self.y += piece.height;
    }
}

/// At the top of a page the first one's room is left out and its header added.
fn height(chain: &[Piece], at_top: bool) -> f32 {
    let all: f32 = chain.iter().map(|piece| piece.before + piece.height).sum();
    let first = chain.first().filter(|_| at_top);
    let change = first.map(|piece| piece.header.as_ref().map_or(0.0, |header| header.height) - piece.before);
    all + change.unwrap_or(0.0)
}

/// Adds headers and footers, when the number of pages is known.
pub fn headed(context: &Context<'_>, pages: &mut [Page]) -> Result<(), PrintError> {
    let settings = context.settings;
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        let numbered = |slots: &Slots| {
            slots
                .clone()
                .map(|slot| slot.replace("[page]", &(index + 1).to_string()).replace("[pages]", &count.to_string()))
        };
        let first = settings.first_header.as_ref().filter(|_| index == 0);
        let header = numbered(first.unwrap_or(&settings.header));
        let footer = numbered(&settings.footer);
        let (top, bottom) = (settings.margins.top, settings.margins.bottom);
        strip(context, &header, top * 0.42, top * 0.42 + 15.0, &mut page.items)?;
        let rule = settings.height - bottom * 0.62;
        strip(context, &footer, rule + 4.0, rule, &mut page.items)?;
    }
    Ok(())
}

/// Three texts side by side, and a rule; nothing where nothing is said.
fn strip(context: &Context<'_>, slots: &Slots, y: f32, rule: f32, items: &mut Vec<Item>) -> Result<(), PrintError> {
    if slots.iter().all(String::is_empty) {
        return Ok(());
    }
    let settings = context.settings;
    let style = Style { size: 8.0, leading: 1.4, bold: false, colour: settings.muted };
    let width = settings.body_width();
    let measured = slots.iter().map(|slot| {
        let text = if slot.is_empty() { Vec::new() } else { markup::words(slot) };
        atoms(context, &text, style)
    });
    let measured = measured.collect::<Result<Vec<_>, _>>()?;
    let wanted: Vec<f32> = measured.iter().map(|atoms| widths(atoms).0).collect();
    // The right text (page numbers) has its room, then the centre; the left one what is left. Too much is cut off, not put over.
    let gap = 10.0;
    let right = wanted[2].min(width / 2.0);
    let centre = wanted[1].min(if right > 0.0 { width - 2.0 * (right + gap) } else { width }).max(0.0);
    let before = if centre > 0.0 { (width - centre) / 2.0 } else { width - right };
    let left = if right > 0.0 || centre > 0.0 { before - gap } else { before }.clamp(0.0, wanted[0].max(0.1));
    let places = [
        (0.0, left, Align::Left),
        ((width - centre) / 2.0, centre, Align::Centre),
        (width - right, right, Align::Right),
    ];
    for (atoms, (x, room, align)) in measured.iter().zip(places) {
        let line = lines(atoms, room + 0.1, style, align, false).into_iter().next();
        let text = line.into_iter().flat_map(|line| line.items);
        items.extend(text.map(|item| item.moved(settings.margins.left + x, y)));
    }
    let kind = Kind::Fill { width, height: 0.5, colour: settings.accent.lighter(75) };
    items.push(Item { x: settings.margins.left, y: rule, kind });
    Ok(())
}
