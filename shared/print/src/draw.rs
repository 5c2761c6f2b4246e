//! Draws the laid-out paper as a PDF: fonts embedded and cut down to what is used, bookmarks, metadata. Refuses to place anything
//! itself, and to know the time: the same paper gives the same bytes.
use crate::{Colour, Item, Kind, Paper, PrintError, fonts::Bytes};
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    destination::XyzDestination,
    error::KrillaError,
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};

/// The PDF's bytes.
pub fn pdf(paper: &Paper, created: Option<jiff::Timestamp>) -> Result<Vec<u8>, PrintError> {
    let failed = |what: &str| PrintError::Writing(what.to_owned());
    let font = |(bytes, index): &(Bytes, u32)| {
        let data = match bytes {
            Bytes::Shipped(bytes) => (*bytes).into(),
            Bytes::Read(bytes) => bytes.clone().into(),
        };
        Font::new(data, *index).ok_or_else(|| failed("a font cannot be used"))
    };
    let fonts = paper.fonts.faces.iter().map(font).collect::<Result<Vec<_>, _>>()?;
    let decoded = |picture: &crate::Picture| image(&picture.bytes, picture.png).map_err(PrintError::Writing);
    let pictures = paper.pictures.iter().map(decoded).collect::<Result<Vec<_>, _>>()?;

    let mut document = Document::new_with(SerializeSettings::default());
    for page in &paper.pages {
        let size = PageSettings::from_wh(paper.width, paper.height).ok_or_else(|| failed("a page has no size"))?;
        let mut sheet = document.start_page_with(size);
        let mut surface = sheet.surface();
        for item in &page.items {
            draw(&mut surface, item, &fonts, &pictures);
        }
        surface.finish();
        sheet.finish();
    }
    document.set_outline(outline(paper));
    document.set_metadata(metadata(paper, created));
    document.finish().map_err(|error| match &error {
        KrillaError::Image(broken, _, cause) => {
            let which = pictures.iter().position(|picture| picture == broken);
            let name = which.map(|index| paper.pictures[index].file.clone()).unwrap_or_default();
            PrintError::File { name, cause: format!("cannot be decoded: {cause}") }
        }
        _ => PrintError::Writing(format!("{error:?}")),
    })
}

/// A picture as it can be drawn.
pub fn image(bytes: &[u8], png: bool) -> Result<Image, String> {
    let data = bytes.to_vec().into();
    if png { Image::from_png(data, true) } else { Image::from_jpeg(data, true) }
}

fn draw(surface: &mut Surface<'_>, item: &Item, fonts: &[Font], pictures: &[Image]) {
    match &item.kind {
        Kind::Text { text, face, size, colour, glyphs } => {
            let glyphs: Vec<KrillaGlyph> = glyphs
                .iter()
                .map(|glyph| {
                    let id = GlyphId::new(u32::from(glyph.id));
                    KrillaGlyph::new(id, glyph.advance, glyph.dx, glyph.dy, 0.0, glyph.start..glyph.end, None)
                })
                .collect();
            surface.set_fill(Some(fill(*colour)));
            surface.draw_glyphs(Point::from_xy(item.x, item.y), &glyphs, fonts[*face].clone(), text, *size, false);
        }
        Kind::Fill { width, height, colour } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(item.x, item.y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*colour)));
                surface.draw_path(&path);
            }
        }
        Kind::Picture { picture, width, height } => {
            if let Some(size) = Size::from_wh(*width, *height) {
                surface.push_transform(&Transform::from_translate(item.x, item.y));
                surface.draw_image(pictures[*picture].clone(), size);
                surface.pop();
            }
        }
    }
}

fn fill(colour: Colour) -> Fill {
    Fill { paint: rgb::Color::new(colour.0, colour.1, colour.2).into(), ..Fill::default() }
}

/// Headings below headings, as deep as they are.
fn outline(paper: &Paper) -> Outline {
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    let mut outline = Outline::new();
    let mut close = |open: &mut Vec<(u8, OutlineNode)>, level: u8| {
        while open.last().is_some_and(|(deeper, _)| *deeper >= level) {
            let Some((_, node)) = open.pop() else { break };
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    };
    for bookmark in &paper.bookmarks {
        close(&mut open, bookmark.level);
        let destination = XyzDestination::new(bookmark.page, Point::from_xy(0.0, bookmark.y));
        open.push((bookmark.level, OutlineNode::new(bookmark.title.clone(), destination)));
    }
    close(&mut open, 0);
    outline
}

fn metadata(paper: &Paper, created: Option<jiff::Timestamp>) -> Metadata {
    let mut metadata = Metadata::new().language(paper.language.tag().to_owned()).creator("Yewu".to_owned());
    if !paper.title.is_empty() {
        metadata = metadata.title(paper.title.clone());
    }
    if !paper.author.is_empty() {
        metadata = metadata.authors(vec![paper.author.clone()]);
    }
    let Some(created) = created else { return metadata };
    let moment = created.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |part: i8| u8::try_from(part).unwrap_or(0);
    let date = DateTime::new(u16::try_from(moment.year()).unwrap_or(0))
        .month(part(moment.month()))
        .day(part(moment.day()))
        .hour(part(moment.hour()))
        .minute(part(moment.minute()))
        .second(part(moment.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    metadata.creation_date(date)
}
