//! Documents from the shipped template and from small ones: what stands where, what is refused, what the PDF holds. Compares no
//! pictures: positions of words and rules say more.
mod faults;
mod look;
mod pages;
mod pdf;
mod sample;

use print::{Files, Item, Kind, Page, Paper, Template};

const RARE_FONT: &[u8] = include_bytes!("fonts/rare.otf");
const LOGO: &[u8] = include_bytes!("logo.png");

/// A template of these lines behind a front matter that is short.
fn template(body: &str) -> Template {
    Template { name: "t.md".to_owned(), text: format!("---\nlanguage: zh-CN\nmargins: 20 20 20 20\n---\n{body}") }
}
fn arranged(body: &str) -> Paper {
    print::arrange(&template(body), &serde_json::json!({"language": "zh-CN"}), &Files::default()).expect("a layout")
}

/// What `part` says of 0, 1, 2 …, one after the other.
fn each(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

/// Texts of a page, each with its place.
fn texts(page: &Page) -> Vec<(&str, &Item)> {
    page.items.iter().filter_map(|item| item.words().map(|words| (words, item))).collect()
}
fn size(item: &Item) -> f32 {
    match &item.kind {
        Kind::Text { size, .. } => *size,
        _ => 0.0,
    }
}
/// The lines of a page from above: texts on one baseline, from the left.
fn lines(page: &Page) -> Vec<String> {
    let mut texts = texts(page);
    texts.sort_by(|(_, a), (_, b)| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let same = texts.chunk_by(|(_, a), (_, b)| (a.y - b.y).abs() < 0.01);
    same.map(|line| line.iter().map(|(words, _)| *words).collect::<Vec<_>>().join(" ")).collect()
}
fn has(page: &Page, words: &str) -> bool {
    lines(page).iter().any(|line| line.contains(words))
}
