//! Blocks onto pages: texts into lines (`atoms`, `lines`), tables into rows (`table`), all of it into pieces that no page break
//! divides (`flow`), the pieces onto pages (`pages`). Refuses to draw.
mod atoms;
mod flow;
mod lines;
mod pages;
pub mod paper;
mod pictures;
pub mod script;
mod table;

use crate::{
    Colour, Files, PrintError,
    fonts::{Faces, Sources},
    markup::Block,
    settings::Settings,
};
use paper::{Item, Kind, Paper};

/// What every step of the layout may look at.
pub struct Context<'a> {
    pub settings: &'a Settings,
    pub faces: Faces<'a>,
    pub files: &'a Files,
    pub pictures: pictures::Pictures,
}

/// How a text is set; `leading` is the height of a line in sizes.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub leading: f32,
    pub bold: bool,
    pub colour: Colour,
}

/// The whole document.
pub fn paper(settings: &Settings, fonts: &Sources, files: &Files, blocks: &[Block]) -> Result<Paper, PrintError> {
    let context = Context { settings, faces: Faces::of(fonts), files, pictures: pictures::Pictures::default() };
    let pieces = flow::pieces(&context, blocks)?;
    let (mut pages, bookmarks) = pages::broken(&pieces, settings)?;
    pages::headed(&context, &mut pages)?;
    Ok(Paper {
        width: settings.width,
        height: settings.height,
        language: settings.language,
        title: settings.title.clone(),
        author: settings.author.clone(),
        pages,
        pictures: context.pictures.into_all(),
        bookmarks,
        missing: context.faces.missing(),
        fonts: fonts.clone(),
    })
}
