//! The fonts: which one has a character, how wide it is, how Latin words are kerned. The shipped ones hold the general Chinese
//! characters and Latin; a company's own go before them, a fallback for rare characters behind. Refuses to guess: what none has becomes 〓 and is noted.
use crate::{Files, Glyph, PrintError, layout::script, limits, settings::Settings};
use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    rc::Rc,
    sync::Arc,
};

const REGULAR: &[u8] = include_bytes!("../fonts/NotoSansSC-Regular.otf");
const BOLD: &[u8] = include_bytes!("../fonts/NotoSansSC-Bold.otf");
/// Shown for what no font has: in China the sign of a missing piece of type.
const MISSING: char = '〓';

/// The bytes of a font.
#[derive(Debug, Clone)]
pub enum Bytes {
    Shipped(&'static [u8]),
    Read(Arc<Vec<u8>>),
}
impl Bytes {
    pub fn slice(&self) -> &[u8] {
        match self {
            Self::Shipped(bytes) => bytes,
            Self::Read(bytes) => bytes,
        }
    }
}

/// The fonts of a document, and for both weights the order in which they are asked.
#[derive(Debug, Clone)]
pub struct Sources {
    pub faces: Vec<(Bytes, u32)>,
    regular: Vec<usize>,
    bold: Vec<usize>,
}

impl Sources {
    /// Reads what the settings name.
    pub fn of(settings: &Settings, files: &Files) -> Result<Self, PrintError> {
        let mut sources = Self {
            faces: vec![(Bytes::Shipped(REGULAR), 0), (Bytes::Shipped(BOLD), 0)],
            regular: vec![0],
            bold: vec![1],
        };
        let mut own = |named: &Option<String>| named.as_ref().map(|named| sources.read(named, files)).transpose();
        let (font, bold, fallback) = (own(&settings.font)?, own(&settings.bold_font)?, own(&settings.fallback_font)?);
        sources.regular = font.into_iter().chain([0]).chain(fallback).collect();
        sources.bold = bold.into_iter().chain([1]).chain(fallback).collect();
        Ok(sources)
    }

    /// `file.otf` or `file.ttc#2`; its place among the faces.
    fn read(&mut self, named: &str, files: &Files) -> Result<usize, PrintError> {
        let (name, index) = named.split_once('#').unwrap_or((named, "0"));
        let wrong = |cause: &str| PrintError::File { name: name.to_owned(), cause: cause.to_owned() };
        let index: u32 = index.parse().map_err(|_| wrong("has faces that are counted 0, 1, 2 …"))?;
        let bytes = files.read(name, limits::FONT_BYTES)?;
        rustybuzz::Face::from_slice(&bytes, index).ok_or_else(|| wrong("is no font, or has no such face"))?;
        self.faces.push((Bytes::Read(Arc::new(bytes)), index));
        Ok(self.faces.len() - 1)
    }
}

/// The fonts, ready to measure with. Remembers what it has measured.
pub struct Faces<'a> {
    all: Vec<rustybuzz::Face<'a>>,
    sources: &'a Sources,
    shapes: RefCell<Vec<HashMap<String, Rc<[Glyph]>>>>,
    missing: RefCell<BTreeSet<char>>,
}

impl<'a> Faces<'a> {
    pub fn of(sources: &'a Sources) -> Self {
        let face = |(bytes, index): &'a (Bytes, u32)| {
            rustybuzz::Face::from_slice(bytes.slice(), *index).expect("tried when it was read, or shipped")
        };
        let all: Vec<_> = sources.faces.iter().map(face).collect();
        let shapes = RefCell::new(all.iter().map(|_| HashMap::new()).collect());
        Self { all, sources, shapes, missing: RefCell::default() }
    }

    /// The first font that has the character; none if no font has.
    pub fn having(&self, c: char, bold: bool) -> Option<usize> {
        let order = if bold { &self.sources.bold } else { &self.sources.regular };
        order.iter().copied().find(|face| self.all[*face].glyph_index(c).is_some())
    }

    /// The sign for a missing character, which is noted: its font and glyph.
    pub fn missing_sign(&self, c: char, bold: bool) -> (usize, Rc<[Glyph]>) {
        self.missing.borrow_mut().insert(c);
        let face = usize::from(bold);
        let sign = self.shape(face, MISSING.encode_utf8(&mut [0; 4]));
        let end = c.len_utf8();
        (face, sign.iter().map(|glyph| Glyph { end, ..*glyph }).collect())
    }

    /// What was missing so far.
    pub fn missing(&self) -> Vec<char> {
        self.missing.borrow().iter().copied().collect()
    }

    /// The glyphs of a word that this font has.
    pub fn shape(&self, face: usize, text: &str) -> Rc<[Glyph]> {
        if let Some(known) = self.shapes.borrow()[face].get(text) {
            return Rc::clone(known);
        }
        let glyphs: Rc<[Glyph]> = self.shaped(face, text).into();
        self.shapes.borrow_mut()[face].insert(text.to_owned(), Rc::clone(&glyphs));
        glyphs
    }

    #[expect(clippy::cast_precision_loss, reason = "units of a font are below 32768")]
    fn shaped(&self, face: usize, text: &str) -> Vec<Glyph> {
        let font = &self.all[face];
        let em = font.units_per_em() as f32;
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            // A character alone needs no shaping, and most of Chinese is that.
            let id = font.glyph_index(c).unwrap_or_default();
            let advance = f32::from(font.glyph_hor_advance(id).unwrap_or(0)) / em;
            return vec![Glyph { id: id.0, advance, dx: 0.0, dy: 0.0, start: 0, end: text.len() }];
        }
        let mut buffer = rustybuzz::UnicodeBuffer::new();
        buffer.push_str(text);
        let shaped = rustybuzz::shape(font, &[], buffer);
        let starts: BTreeSet<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(|(info, position)| {
            let start = info.cluster as usize;
            Glyph {
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                advance: position.x_advance as f32 / em,
                dx: position.x_offset as f32 / em,
                dy: position.y_offset as f32 / em,
                start,
                end: starts.range(start + 1..).next().copied().unwrap_or(text.len()),
            }
        });
        let mut glyphs: Vec<Glyph> = glyphs.collect();
        for glyph in &mut glyphs {
            let c = text[glyph.start..].chars().next();
            if c.is_some_and(script::is_shared_punctuation) {
                self.narrow(face, glyph);
            }
        }
        glyphs
    }

    /// Quotes and dots are as wide as a Chinese character in a Chinese font; between Latin letters they get the room of their ink.
    fn narrow(&self, face: usize, glyph: &mut Glyph) {
        let font = &self.all[face];
        let em = f32::from(u16::try_from(font.units_per_em()).unwrap_or(1000));
        if let Some(ink) = font.glyph_bounding_box(rustybuzz::ttf_parser::GlyphId(glyph.id)) {
            let side = 0.05;
            glyph.dx = side - f32::from(ink.x_min) / em;
            glyph.advance = f32::from(ink.x_max - ink.x_min) / em + 2.0 * side;
        }
    }
}
