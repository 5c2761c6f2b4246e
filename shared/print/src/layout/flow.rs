//! Blocks into pieces: what no page break divides, with what must stay together. Refuses to know where a page ends.
use super::{
    Context, Item, Kind, Style,
    atoms::atoms,
    lines::{lines, widths},
    table,
};
use crate::{
    Language, PrintError,
    markup::{Align, Block, Look, Text},
};
use std::rc::Rc;

/// How strongly a piece holds on to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Glue {
    #[default]
    None,
    /// Gives way where a page cannot hold all of it.
    Kept,
    /// A heading with what it is about, the first two and the last two lines of a paragraph.
    Firm,
}

/// A strip of the page, between the margins; its items are relative to its upper left corner.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// Room before it, left out at the top of a page.
    pub before: f32,
    pub height: f32,
    pub items: Vec<Item>,
    pub glue: Glue,
    /// Repeated where the piece begins a page.
    pub header: Option<Rc<Piece>>,
    /// Level and words, for the reader's list of contents.
    pub heading: Option<(u8, String)>,
    /// What follows begins a new page.
    pub page_break: bool,
}

/// All the pieces of the document.
pub fn pieces(context: &Context<'_>, blocks: &[Block]) -> Result<Vec<Piece>, PrintError> {
    let mut flow = Flow { context, pieces: Vec::new() };
    flow.blocks(blocks, 0.0)?;
    Ok(flow.pieces)
}

struct Flow<'a> {
    context: &'a Context<'a>,
    pieces: Vec<Piece>,
}

/// Room between paragraphs, in sizes of the text.
const PARAGRAPH: f32 = 0.55;
/// Room before items of a list, in sizes.
const ITEM: f32 = 0.25;
/// How far a list is set in, in sizes.
const INDENT: f32 = 1.6;

impl Flow<'_> {
    fn blocks(&mut self, blocks: &[Block], indent: f32) -> Result<(), PrintError> {
        for block in blocks {
            self.block(block, indent)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, indent: f32) -> Result<(), PrintError> {
        let settings = self.context.settings;
        let size = settings.size;
        match block {
            Block::Heading { level, text } => self.heading(*level, text, indent),
            Block::Paragraph { text, look } => self.paragraph(text, *look, indent, PARAGRAPH * size),
            Block::List { start, items } => self.list(*start, items, indent),
            Block::Table(said) => {
                let rows = table::pieces(self.context, said, indent)?;
                if said.joined
                    && let Some(before) = self.pieces.last_mut()
                {
                    before.glue = before.glue.max(Glue::Kept);
                }
                self.pieces.extend(rows);
                Ok(())
            }
            Block::Rule => {
                let kind = Kind::Fill {
                    width: settings.body_width() - indent,
                    height: 0.75,
                    colour: settings.accent.lighter(60),
                };
                let items = vec![Item { x: indent, y: 0.0, kind }];
                self.pieces.push(Piece { before: size, height: 0.75 + 0.3 * size, items, ..Piece::default() });
                Ok(())
            }
            Block::PageBreak => {
                self.pieces.push(Piece { page_break: true, ..Piece::default() });
                Ok(())
            }
            Block::Space(points) => {
                // Room does not part a heading from what it is about.
                let glue = self.pieces.last().map_or(Glue::None, |before| before.glue);
                self.pieces.push(Piece { before: *points, glue, ..Piece::default() });
                Ok(())
            }
            Block::Keep(blocks) => {
                let from = self.pieces.len();
                self.blocks(blocks, indent)?;
                let kept = self.pieces.len().saturating_sub(1);
                for piece in self.pieces.get_mut(from..kept).unwrap_or_default() {
                    piece.glue = piece.glue.max(Glue::Kept);
                }
                Ok(())
            }
        }
    }

    fn text(&self, text: &Text, style: Style, align: Align, indent: f32) -> Result<Vec<Piece>, PrintError> {
        let settings = self.context.settings;
        let atoms = atoms(self.context, text, style)?;
        let lines = lines(&atoms, settings.body_width() - indent, style, align, settings.justify);
        let piece = |line: super::lines::Line| {
            let items = line.items.into_iter().map(|item| item.moved(indent, 0.0)).collect();
            Piece { height: line.height, items, ..Piece::default() }
        };
        let mut pieces: Vec<Piece> = lines.into_iter().map(piece).collect();
        // No line alone at the foot or at the head of a page.
        let count = pieces.len();
        for (number, piece) in pieces.iter_mut().enumerate() {
            let together = number == 0 || number + 2 == count;
            piece.glue = if together && number + 1 < count { Glue::Firm } else { Glue::None };
        }
        Ok(pieces)
    }

    fn paragraph(&mut self, text: &Text, look: Look, indent: f32, before: f32) -> Result<(), PrintError> {
        let settings = self.context.settings;
        let style = Style {
            size: look.size.unwrap_or(settings.size),
            leading: leading(settings.language),
            bold: false,
            colour: if look.muted { settings.muted } else { settings.ink },
        };
        let mut pieces = self.text(text, style, look.align.unwrap_or_default(), indent)?;
        if let Some(first) = pieces.first_mut() {
            first.before = before;
        }
        self.pieces.append(&mut pieces);
        Ok(())
    }

    fn heading(&mut self, level: u8, text: &Text, indent: f32) -> Result<(), PrintError> {
        let settings = self.context.settings;
        // Size, room before, both in sizes of the text; a rule below.
        let (size, before, ruled) = match level {
            1 => (2.0, 1.0, false),
            2 => (1.3, 2.0, true),
            3 => (1.1, 1.4, false),
            _ => (1.0, 1.0, false),
        };
        let colour = if level <= 2 { settings.accent } else { settings.ink };
        let style = Style { size: size * settings.size, leading: 1.4, bold: true, colour };
        let mut pieces = self.text(text, style, Align::Left, indent)?;
        for piece in &mut pieces {
            piece.glue = Glue::Firm;
        }
        if let Some(first) = pieces.first_mut() {
            first.before = before * settings.size;
            first.heading = Some((level, crate::markup::said(text)));
        }
        if let Some(last) = pieces.last_mut().filter(|_| ruled) {
            let kind =
                Kind::Fill { width: settings.body_width() - indent, height: 0.75, colour: settings.accent.lighter(60) };
            last.items.push(Item { x: indent, y: last.height + 1.5, kind });
            last.height += 4.0;
        }
        self.pieces.append(&mut pieces);
        Ok(())
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], indent: f32) -> Result<(), PrintError> {
        let settings = self.context.settings;
        let size = settings.size;
        let style = Style { size, leading: leading(settings.language), bold: false, colour: settings.ink };
        let numbered = |start: u64, number: usize| {
            let marker = crate::markup::words(&format!("{}.", start.saturating_add(number as u64)));
            atoms(self.context, &marker, style)
        };
        let markers = match start {
            Some(start) => (0..items.len()).map(|number| numbered(start, number)).collect::<Result<Vec<_>, _>>()?,
            None => Vec::new(),
        };
        // Wide enough for the longest number.
        let room = markers.last().map_or(0.0, |marker| widths(marker).0).max((INDENT - 0.3) * size);
        for (number, item) in items.iter().enumerate() {
            let at = self.pieces.len();
            self.blocks(item, indent + room + 0.3 * size)?;
            let Some(first) = self.pieces.get_mut(at) else { continue };
            first.before = if number == 0 { PARAGRAPH } else { ITEM } * size;
            if let Some(marker) = markers.get(number) {
                let marker = lines(marker, room, style, Align::Right, false);
                let marker = marker.into_iter().take(1).flat_map(|line| line.items);
                first.items.extend(marker.map(|item| item.moved(indent, 0.0)));
            } else {
                let dot = 0.32 * size;
                let kind = Kind::Fill { width: dot, height: dot, colour: settings.accent };
                let y = (size * style.leading - dot) / 2.0;
                first.items.push(Item { x: indent + 0.7 * size, y, kind });
            }
        }
        Ok(())
    }
}

/// Chinese text wants more room between its lines.
pub fn leading(language: Language) -> f32 {
    match language {
        Language::Chinese => 1.65,
        Language::English => 1.5,
    }
}
