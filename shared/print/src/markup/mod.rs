//! The filled-in text as blocks: Markdown (headings, paragraphs, bold, lists, tables, rules, pictures) and a few directives in
//! comments on lines of their own ([`directive`]). Refuses directives that it does not know; other HTML is shown as it is written.
//! What Markdown has beyond this (quotes, code) keeps its words and loses its looks.
mod directive;
mod inline;

pub use inline::{said, words};

use crate::{PrintError, Template, limits};
use directive::Directive;
use pulldown_cmark::{Alignment, Event, OffsetIter, Options, Parser, Tag, TagEnd};
use std::{iter::Peekable, ops::Range};

/// A part of the document, from margin to margin.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Level 1 is the document's title.
    Heading {
        level: u8,
        text: Text,
    },
    Paragraph {
        text: Text,
        look: Look,
    },
    /// `start` is the first number; without it, bullets.
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Table(Table),
    Rule,
    PageBreak,
    /// Room, in points.
    Space(f32),
    /// Stays on one page if a page can hold it.
    Keep(Vec<Block>),
}

/// A run of words and pictures; `\n` ends a line.
pub type Text = Vec<Span>;

#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    Words {
        text: String,
        bold: bool,
        muted: bool,
    },
    /// As high, or else as wide, as said (points); the other side follows.
    Picture {
        file: String,
        width: Option<f32>,
        height: Option<f32>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// How a paragraph departs from the rest: `<!-- text size=8 align=right muted -->`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Look {
    pub size: Option<f32>,
    pub align: Option<Align>,
    pub muted: bool,
}

/// What a table is for, which decides its rules and tints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableKind {
    /// A heading that is repeated on each page, and a rule below each row.
    #[default]
    Lines,
    /// Words side by side, nothing drawn.
    Plain,
    /// Sums; the last row stands out.
    Totals,
    /// Places to sign: an empty cell is a line to write on.
    Sign,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    pub kind: TableKind,
    /// Relative widths, one for each column; without them the contents decide.
    pub widths: Vec<f32>,
    /// Share of the room that the table takes, above 0 and up to 1.
    pub share: f32,
    /// Stands at the right margin.
    pub right: bool,
    pub size: Option<f32>,
    /// Not to be parted from what stands before.
    pub joined: bool,
    pub columns: Vec<Align>,
    /// Empty where no column has a heading.
    pub head: Vec<Text>,
    pub rows: Vec<Vec<Text>>,
}

/// Reads the text; `template` is asked where a line that is wrong comes from.
pub fn read(template: &Template, text: &str) -> Result<Vec<Block>, PrintError> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter().peekable();
    Reader { template, text, events, depth: 0 }.blocks()
}

pub(super) struct Reader<'a> {
    template: &'a Template,
    text: &'a str,
    events: Peekable<OffsetIter<'a>>,
    depth: usize,
}

/// What a directive said of the block that follows it.
#[derive(Default)]
enum Next {
    #[default]
    Anything,
    Text(Look),
    Table(Box<Table>),
}

impl Reader<'_> {
    /// Blocks up to the end of what they stand in, which is left for the caller.
    fn blocks(&mut self) -> Result<Vec<Block>, PrintError> {
        // The innermost `keep` is last.
        let mut open: Vec<(Range<usize>, Vec<Block>)> = vec![(0..0, Vec::new())];
        let mut next = (0..0, Next::Anything);
        while let Some((event, place)) = self.events.peek().cloned() {
            if matches!(event, Event::End(_)) {
                break;
            }
            let block = if inline::is_inline(&event) {
                Block::Paragraph { text: self.inlines()?, look: Look::default() }
            } else {
                self.events.next();
                match event {
                    Event::Start(Tag::HtmlBlock) => match self.html(&place)? {
                        Ok(Directive::Keep) => {
                            open.push((place, Vec::new()));
                            continue;
                        }
                        Ok(Directive::EndKeep) => {
                            let (_, kept) = open
                                .pop()
                                .filter(|_| !open.is_empty())
                                .ok_or_else(|| self.wrong(&place, "nothing was kept together here".to_owned()))?;
                            Block::Keep(kept)
                        }
                        Ok(Directive::Table(table)) => {
                            next = (place, Next::Table(Box::new(table)));
                            continue;
                        }
                        Ok(Directive::Text(look)) => {
                            next = (place, Next::Text(look));
                            continue;
                        }
                        Ok(Directive::PageBreak) => Block::PageBreak,
                        Ok(Directive::Space(points)) => Block::Space(points),
                        Err(words) => Block::Paragraph { text: inline::words(&words), look: Look::default() },
                    },
                    Event::Rule => Block::Rule,
                    Event::Start(tag) => match self.block(tag)? {
                        Some(block) => block,
                        None => continue,
                    },
                    _ => continue,
                }
            };
            let block = match (std::mem::take(&mut next.1), block) {
                (Next::Anything, block) => block,
                (Next::Text(look), Block::Paragraph { text, .. }) => Block::Paragraph { text, look },
                (Next::Table(said), Block::Table(read)) => {
                    let columns = read.columns.len();
                    if !said.widths.is_empty() && said.widths.len() != columns {
                        let count = said.widths.len();
                        return Err(self.wrong(&next.0, format!("{count} widths for a table of {columns} columns")));
                    }
                    Block::Table(Table { columns: read.columns, head: read.head, rows: read.rows, ..*said })
                }
                _ => return Err(self.wrong(&next.0, "what it is about does not follow".to_owned())),
            };
            open.last_mut().expect("the outermost is never taken away").1.push(block);
        }
        if !matches!(next.1, Next::Anything) {
            return Err(self.wrong(&next.0, "what it is about does not follow".to_owned()));
        }
        if let Some((place, _)) = open.get(1) {
            return Err(self.wrong(place, "this `keep` is never closed by `/keep`".to_owned()));
        }
        Ok(open.pop().map(|(_, blocks)| blocks).unwrap_or_default())
    }

    /// The block of this tag with its end; none where only its contents count, which then follow as blocks of their own.
    fn block(&mut self, tag: Tag<'_>) -> Result<Option<Block>, PrintError> {
        let block = match tag {
            Tag::Heading { level, .. } => {
                let text = self.inlines()?;
                Block::Heading { level: level as u8, text }
            }
            Tag::Paragraph => Block::Paragraph { text: self.inlines()?, look: Look::default() },
            Tag::List(start) => Block::List { start, items: self.items()? },
            Tag::Table(alignments) => Block::Table(self.table(&alignments)?),
            Tag::CodeBlock(_) => {
                let mut code = String::new();
                while let Some((Event::Text(text), _)) =
                    self.events.next_if(|(event, _)| matches!(event, Event::Text(_)))
                {
                    code.push_str(&text);
                }
                Block::Paragraph { text: inline::words(code.trim_end()), look: Look::default() }
            }
            _ => {
                let blocks = self.deeper(Self::blocks)?;
                self.events.next();
                return Ok(Some(Block::Keep(blocks)).filter(|block| *block != Block::Keep(Vec::new())));
            }
        };
        self.events.next(); // the end of what was begun
        Ok(Some(block))
    }

    fn items(&mut self) -> Result<Vec<Vec<Block>>, PrintError> {
        let mut items = Vec::new();
        while self.events.next_if(|(event, _)| matches!(event, Event::Start(Tag::Item))).is_some() {
            items.push(self.deeper(Self::blocks)?);
            self.events.next();
        }
        Ok(items)
    }

    fn table(&mut self, alignments: &[Alignment]) -> Result<Table, PrintError> {
        let align = |alignment: &Alignment| match alignment {
            Alignment::Right => Align::Right,
            Alignment::Center => Align::Centre,
            Alignment::None | Alignment::Left => Align::Left,
        };
        let mut table = Table { columns: alignments.iter().map(align).collect(), share: 1.0, ..Table::default() };
        let mut row = Vec::new();
        while let Some((event, _)) = self.events.next_if(|(event, _)| !matches!(event, Event::End(TagEnd::Table))) {
            match event {
                Event::Start(Tag::TableCell) => row.push(self.inlines()?),
                Event::End(TagEnd::TableHead) => {
                    let head = std::mem::take(&mut row);
                    table.head = if head.iter().all(Vec::is_empty) { Vec::new() } else { head };
                }
                Event::End(TagEnd::TableRow) => table.rows.push(std::mem::take(&mut row)),
                _ => {}
            }
        }
        Ok(table)
    }

    fn deeper<T>(&mut self, read: fn(&mut Self) -> Result<T, PrintError>) -> Result<T, PrintError> {
        self.depth += 1;
        if self.depth > limits::DEPTH {
            return Err(self.wrong(&(0..0), format!("more than {} lists within each other", limits::DEPTH)));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// A block of HTML: a directive, or words to show.
    fn html(&mut self, place: &Range<usize>) -> Result<Result<Directive, String>, PrintError> {
        let mut html = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Html(part) => html.push_str(&part),
                Event::End(TagEnd::HtmlBlock) => break,
                _ => {}
            }
        }
        let comment = html.trim().strip_prefix("<!--");
        let Some(comment) = comment else { return Ok(Err(html.trim().to_owned())) };
        let said = comment.strip_suffix("-->");
        let said =
            said.ok_or_else(|| self.wrong(place, "a directive ends with --> and has its line for itself".to_owned()))?;
        directive::read(said.trim()).map(Ok).map_err(|cause| self.wrong(place, cause))
    }

    fn wrong(&self, place: &Range<usize>, cause: String) -> PrintError {
        let fragment = self.text.get(place.clone()).and_then(|text| text.lines().next()).unwrap_or_default().trim();
        let mut lines = self.template.text.lines().zip(1..);
        let line = lines.find(|(line, _)| !fragment.is_empty() && line.contains(fragment)).map(|(_, number)| number);
        let cause = if fragment.is_empty() { cause } else { format!("{fragment}: {cause}") };
        PrintError::Markup { template: self.template.name.clone(), line, cause }
    }
}

#[cfg(test)]
mod tests;
