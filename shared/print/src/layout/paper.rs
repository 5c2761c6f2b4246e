//! What stands where: the result of the layout, and all that the drawing needs. Lengths are in points, from the upper left corner.
use crate::{Language, fonts::Sources};

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Mixed with white: 0 is the colour, 100 is white.
    #[must_use]
    pub fn lighter(self, percent: u8) -> Self {
        let mixed = |part: u8| {
            let white = u16::from(percent.min(100));
            u8::try_from((u16::from(part) * (100 - white) + 255 * white) / 100).unwrap_or(u8::MAX)
        };
        Self(mixed(self.0), mixed(self.1), mixed(self.2))
    }
}
impl std::str::FromStr for Colour {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii());
        let part = |range| digits.and_then(|digits| u8::from_str_radix(&digits[range], 16).ok());
        let parts = (part(0..2), part(2..4), part(4..6));
        let (Some(red), Some(green), Some(blue)) = parts else {
            return Err(format!("\"{text}\" is no colour such as #1F4E79"));
        };
        Ok(Self(red, green, blue))
    }
}

/// A glyph, measured in ems; `start..end` are the bytes of the text that it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub id: u16,
    pub advance: f32,
    pub dx: f32,
    pub dy: f32,
    pub start: usize,
    pub end: usize,
}

/// One thing to draw. `y` is the baseline of text, the upper edge of all else.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub x: f32,
    pub y: f32,
    pub kind: Kind,
}
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text {
        text: String,
        face: usize,
        size: f32,
        colour: Colour,
        glyphs: Vec<Glyph>,
    },
    Fill {
        width: f32,
        height: f32,
        colour: Colour,
    },
    /// An index into the paper's pictures.
    Picture {
        picture: usize,
        width: f32,
        height: f32,
    },
}

impl Item {
    /// How wide it is.
    pub fn width(&self) -> f32 {
        match &self.kind {
            Kind::Text { size, glyphs, .. } => glyphs.iter().map(|glyph| glyph.advance * size).sum(),
            Kind::Fill { width, .. } | Kind::Picture { width, .. } => *width,
        }
    }
    /// The words of a text.
    pub fn words(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text { text, .. } => Some(text),
            _ => None,
        }
    }
    pub(super) fn moved(mut self, x: f32, y: f32) -> Self {
        self.x += x;
        self.y += y;
        self
    }
}

/// A picture as it came.
#[derive(Debug, Clone)]
pub struct Picture {
    pub file: String,
    pub bytes: Vec<u8>,
    /// Else it is JPEG.
    pub png: bool,
    /// Width by height, in its own dots.
    pub dots: (u32, u32),
}

#[derive(Debug, Clone, Default)]
pub struct Page {
    pub items: Vec<Item>,
}

/// A heading for the reader's list of contents.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    pub level: u8,
    pub title: String,
    pub page: usize,
    pub y: f32,
}

/// The whole document, laid out.
#[derive(Debug, Clone)]
pub struct Paper {
    pub width: f32,
    pub height: f32,
    pub language: Language,
    pub title: String,
    pub author: String,
    pub pages: Vec<Page>,
    pub pictures: Vec<Picture>,
    pub bookmarks: Vec<Bookmark>,
    pub missing: Vec<char>,
    pub(crate) fonts: Sources,
}
