//! Documents for customers: from an editable template and JSON data to a PDF, in Chinese and English.
//!
//! A template is one text file: front matter (page, colours, header and footer: `settings`), then Markdown with Jinja in it.
//! It is filled in (`fill`), read as Markdown with a few directives in comments (`markup`), laid out on pages (`layout`) and
//! drawn (`draw`). The steps share nothing but their results, so that the layout is tested without a PDF.
//!
//! **Why an own layout.** Typst lays out better than this crate ever will, but costs five to fifteen minutes of build and 40 MB of
//! program. A proposal needs headings, paragraphs, lists and tables that break well over pages, in two languages; that much is
//! some two thousand lines upon `krilla`, which writes the PDF and embeds the fonts.
//!
//! **What it promises.** The same input gives the same bytes. A template that fails says line and cause. A character that no font
//! has is shown as 〓 and reported in [`Printed::missing`], never silently left out. Nothing is read but files of the template's
//! folder. Time is bounded: see [`limits`].
//!
//! Refuses to know what a quote is: it takes any data. [`proposal`] is the shape that the shipped template wants.
mod draw;
mod error;
pub mod files;
mod fill;
mod filters;
mod fonts;
mod layout;
pub mod limits;
mod markup;
pub mod proposal;
mod settings;

pub use error::PrintError;
pub use files::Files;
pub use layout::paper::{Bookmark, Colour, Glyph, Item, Kind, Page, Paper, Picture};

use serde::Serialize;

/// The languages that documents are written in. In data: `zh-CN`, `en`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}
impl std::str::FromStr for Language {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "zh-CN" => Ok(Self::Chinese),
            "en" => Ok(Self::English),
            _ => Err(format!("\"{text}\" is neither zh-CN nor en")),
        }
    }
}
impl Language {
    /// As PDF and HTML name it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// A template: the name that errors call it by, and its text.
#[derive(Debug, Clone)]
pub struct Template {
    pub name: String,
    pub text: String,
}
impl Template {
    /// The shipped one, for quotes and proposals in both languages; a company starts its own from a copy.
    #[must_use]
    pub fn proposal() -> Self {
        Self { name: "proposal.md".to_owned(), text: include_str!("../templates/proposal.md").to_owned() }
    }
}

/// A document that is ready to be sent.
#[derive(Debug)]
pub struct Printed {
    pub pdf: Vec<u8>,
    pub pages: usize,
    /// Characters that no font has, in the order of their codes; each is shown as 〓.
    pub missing: Vec<char>,
}

/// Fills the template in, lays it out and writes the PDF. `created` goes into its metadata.
pub fn print(
    template: &Template,
    data: &impl Serialize,
    files: &Files,
    created: Option<jiff::Timestamp>,
) -> Result<Printed, PrintError> {
    let paper = arrange(template, data, files)?;
    let pdf = draw::pdf(&paper, created)?;
    Ok(Printed { pdf, pages: paper.pages.len(), missing: paper.missing })
}

/// The layout alone: what stands where on which page.
pub fn arrange(template: &Template, data: &impl Serialize, files: &Files) -> Result<Paper, PrintError> {
    let data = minijinja::Value::from_serialize(data);
    let (front, body) = settings::split(template);
    let settings = settings::read(template, &front, &data)?;
    let text = fill::body(template, &body, &data)?;
    let blocks = markup::read(template, &text)?;
    let fonts = fonts::Sources::of(&settings, files)?;
    layout::paper(&settings, &fonts, files, &blocks)
}
