//! How the shipped proposal looks, in both languages and all lengths, as far as positions say it.
use super::{Item, Kind, Paper, has, lines, sample, size, texts};

/// Short, long, with long descriptions, with several variants; in both languages.
fn samples() -> Vec<(String, Paper)> {
    let shapes = [(0, 1, false), (1, 1, false), (3, 1, false), (60, 1, false), (25, 1, true), (6, 3, true)];
    let both = ["zh-CN", "en"].into_iter().flat_map(|language| shapes.map(|shape| (language, shape)));
    both.map(|(language, (count, variants, long))| {
        (format!("{language} {count} lines {variants} variants {long}"), sample::paper(language, count, variants, long))
    })
    .collect()
}
const MM: f32 = 72.0 / 25.4;
/// Text: what its ink fills; a Chinese bracket's empty half may stand outside.
fn edges(item: &Item) -> (f32, f32, f32, f32) {
    let height = match &item.kind {
        Kind::Text { size, .. } => return (item.x, item.y - 0.8 * size, item.x + item.width(), item.y + 0.1 * size),
        Kind::Fill { height, .. } | Kind::Picture { height, .. } => *height,
    };
    (item.x, item.y, item.x + item.width(), item.y + height)
}

#[test]
fn nothing_stands_outside_the_margins() {
    for (name, paper) in samples() {
        let (left, right) = (18.0 * MM, paper.width - 18.0 * MM);
        let (top, bottom) = (24.0 * MM, paper.height - 22.0 * MM);
        for (number, page) in paper.pages.iter().enumerate() {
            for item in &page.items {
                let (x, y, to_x, to_y) = edges(item);
                let half = size(item) / 2.0 + 0.1;
                assert!(x >= left - half && to_x <= right + half, "{name}, page {number}: {item:?}");
                let header = to_y < top * 0.42 + 16.0;
                let footer = y > paper.height - 22.0 * MM * 0.62 - 0.1;
                let body = y >= top - 0.1 && to_y <= bottom + 0.1;
                assert!(header || footer || body, "{name}, page {number}: {item:?}");
            }
        }
    }
}

#[test]
fn no_text_lies_upon_another() {
    for (name, paper) in samples() {
        for (number, page) in paper.pages.iter().enumerate() {
            let texts = texts(page);
            for (index, (words, item)) in texts.iter().enumerate() {
                let (x, y, to_x, to_y) = edges(item);
                for (other_words, other) in &texts[index + 1..] {
                    let (from_x, from_y, end_x, end_y) = edges(other);
                    // A bracket at the edge of its line lends its empty half.
                    let apart = to_x <= from_x + 0.2 || end_x <= x + 0.2 || to_y <= from_y || end_y <= y;
                    assert!(apart, "{name}, page {number}: {words:?} upon {other_words:?}");
                }
            }
        }
    }
}

#[test]
fn each_page_of_a_table_begins_with_its_heading() {
    for (language, heading) in [("zh-CN", "序号"), ("en", "No.")] {
        let paper = sample::paper(language, 60, 1, false);
        assert!(paper.pages.len() >= 3, "{}", paper.pages.len());
        let amounts = |page| lines(page).iter().any(|line| line.contains("1,234,6") && line.contains("13%"));
        let with_rows: Vec<_> = paper.pages.iter().filter(|page| amounts(page)).collect();
        assert!(with_rows.len() >= 2);
        for page in &with_rows {
            let seen = lines(page);
            let heading = seen.iter().position(|line| line.starts_with(heading)).expect("the heading of the table");
            let row = seen.iter().position(|line| line.contains("1,234,6")).expect("a row");
            assert!(heading < row);
        }
        let headings = paper.pages.iter().flat_map(lines).filter(|line| line.starts_with(heading)).count();
        assert_eq!(headings, with_rows.len(), "nowhere else");
    }
}

#[test]
fn every_page_says_which_of_how_many_it_is() {
    for (name, paper) in samples() {
        let count = paper.pages.len();
        for (index, page) in paper.pages.iter().enumerate() {
            assert!(has(page, &format!("{} / {count}", index + 1)), "{name}: {:?}", lines(page).last());
            let headed = texts(page).iter().any(|(words, item)| *words == "Q-2026-000042" && item.y < 24.0 * MM);
            assert_eq!(headed, index > 0, "{name}: the first page has its own letterhead");
        }
    }
}

#[test]
fn no_heading_is_the_last_on_its_page() {
    for (name, paper) in samples() {
        for bookmark in &paper.bookmarks {
            let page = &paper.pages[bookmark.page];
            let bottom = paper.height - 22.0 * MM;
            let below = texts(page).iter().filter(|(_, item)| item.y > bookmark.y + 24.0 && item.y < bottom).count();
            assert!(below > 0, "{name}: {} on page {}", bookmark.title, bookmark.page);
        }
    }
}

#[test]
fn amounts_end_at_one_edge() {
    let paper = sample::paper("zh-CN", 60, 1, false);
    let mut edges = Vec::new();
    for page in &paper.pages {
        let amounts = texts(page).into_iter().filter(|(words, _)| words.starts_with("1,234,6"));
        edges.extend(amounts.map(|(_, item)| item.x + item.width()));
    }
    assert!(edges.len() >= 59, "{}", edges.len());
    assert!(edges.iter().all(|edge| (edge - edges[0]).abs() < 0.1), "{edges:?}");
}

#[test]
fn the_total_is_said_in_chinese_capitals_only_in_chinese() {
    let all = |language| sample::paper(language, 3, 1, false).pages.iter().flat_map(lines).collect::<String>();
    assert!(all("zh-CN").contains("壹万贰仟叁佰肆拾肆元陆角整"));
    assert!(all("zh-CN").contains("¥12,344.60") && all("zh-CN").contains("2026年12月31日"));
    assert!(all("en").contains("CNY\u{a0}12,344.60") && all("en").contains("31 December 2026"));
    assert!(!all("en").chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
}

#[test]
fn several_variants_are_named_and_one_is_not() {
    let titles = |variants| {
        let paper = sample::paper("zh-CN", 2, variants, false);
        paper.bookmarks.into_iter().map(|bookmark| bookmark.title).collect::<Vec<_>>()
    };
    assert!(titles(3).contains(&"方案 B：增强配置".to_owned()));
    assert!(titles(1).contains(&"标准配置".to_owned()));
}
