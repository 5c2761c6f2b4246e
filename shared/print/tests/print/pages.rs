//! Breaking lines and pages: small documents, each for one rule.
use super::{arranged, each, has, lines, size, texts};

/// So many lines of text, each a paragraph without room before it.
fn filler(count: usize) -> String {
    each(count, |number| format!("L{number}<br>\n"))
}

#[test]
fn chinese_stops_begin_no_line_and_opening_brackets_end_none() {
    let text = "我们（包括子公司）承诺：“按时交付”，并对《技术协议》中的条款、附件（含图纸）负责；逾期一天，按合同价的 0.5% 支付违约金。";
    for margin in 20..60 {
        let paper = arranged_with(margin, &text.repeat(3));
        let seen = lines(&paper.pages[0]);
        assert!(seen.len() > 2);
        for line in &seen {
            let (first, last) = (line.chars().next().expect("text"), line.chars().last().expect("text"));
            assert!(!"，。、；：）”》%".contains(first), "{margin}: {line}");
            assert!(!"（“《".contains(last), "{margin}: {line}");
            assert!(!line.ends_with("0.") && !line.starts_with(".5"), "{margin}: {line}");
        }
        let solid = |text: &str| text.replace(' ', "");
        assert_eq!(solid(&seen.concat()), solid(&text.repeat(3)));
    }
}

fn arranged_with(margin: usize, body: &str) -> print::Paper {
    let text = format!("---\nlanguage: zh-CN\nmargins: 20 {margin} 20 {margin}\njustify: yes\n---\n{body}");
    let template = print::Template { name: "t.md".to_owned(), text };
    print::arrange(&template, &serde_json::json!({}), &print::Files::default()).expect("a layout")
}

#[test]
fn justified_lines_end_at_the_margin_and_the_last_one_does_not() {
    let paper = arranged_with(30, &"报价有效期内价格不变，逾期须重新确认。".repeat(9));
    let page = texts(&paper.pages[0]);
    let right = paper.width - 30.0 * 72.0 / 25.4;
    let (last, full) = page.split_last().expect("lines");
    for (words, item) in full {
        // The empty half of a closing stop may stand outside.
        let stop = if words.ends_with(['，', '。']) { size(item) / 2.0 } else { 0.0 };
        assert!((item.x + item.width() - stop - right).abs() < 0.1, "{words}");
    }
    assert!(last.1.x + last.1.width() < right - 1.0);
}

#[test]
fn a_word_longer_than_the_line_is_divided_and_nothing_is_lost() {
    let word = "a".repeat(300);
    let paper = arranged(&word);
    let seen = lines(&paper.pages[0]);
    assert!(seen.len() > 1);
    assert_eq!(seen.concat(), word);
}

#[test]
fn long_lists_have_room_for_their_numbers() {
    let paper = arranged(&each(120, |_| "1. x\n".to_owned()));
    let seen: Vec<_> = paper.pages.iter().flat_map(lines).collect();
    assert_eq!((seen.len(), seen[0].as_str(), seen[119].as_str()), (120, "1. x", "120. x"));
    let left = 20.0 * 72.0 / 25.4;
    assert!(paper.pages.iter().flat_map(texts).all(|(_, item)| item.x >= left - 0.1));
}

#[test]
fn a_heading_goes_to_the_next_page_with_its_text() {
    let mut moved = 0;
    for count in 40..50 {
        let paper = arranged(&format!("{}\n\n## 标题\n\n正文\n", filler(count)));
        let with_heading = paper.pages.iter().position(|page| has(page, "标题")).expect("the heading");
        let with_text = paper.pages.iter().position(|page| has(page, "正文")).expect("the text");
        assert_eq!(with_heading, with_text, "{count}");
        moved += with_heading;
    }
    assert!((1..10).contains(&moved), "on the first page with few lines before it, on the second with many: {moved}");
}

#[test]
fn no_line_of_a_paragraph_stands_alone() {
    for count in 35..50 {
        let paragraph = "正文。".repeat(70);
        let paper = arranged(&format!("{}\n\n{paragraph}\n", filler(count)));
        let of_it = |page| lines(page).iter().filter(|line| line.contains('正')).count();
        let parts: Vec<usize> = paper.pages.iter().map(of_it).filter(|lines| *lines > 0).collect();
        assert!(parts.iter().all(|lines| *lines >= 2), "{count}: {parts:?}");
    }
}

#[test]
fn what_is_kept_together_moves_together_unless_no_page_can_hold_it() {
    let kept =
        |lines: usize| format!("前\n\n<!-- keep -->\n{}\n<!-- /keep -->\n", each(lines, |n| format!("K{n}\n\n")));
    let paper = arranged(&format!("{}\n\n{}", filler(30), kept(12)));
    assert!(has(&paper.pages[0], "前") && !has(&paper.pages[0], "K0"));
    assert!(has(&paper.pages[1], "K0") && has(&paper.pages[1], "K11"));
    let paper = arranged(&kept(60));
    assert!(has(&paper.pages[0], "K0") && has(&paper.pages[1], "K59"));
}

#[test]
fn a_page_break_begins_a_page_and_none_is_left_empty() {
    let paper = arranged(
        "a\n\n<!-- page-break -->\n<!-- page-break -->\n\nb\n\n<!-- keep -->\nc\n\n<!-- page-break -->\n\nd\n<!-- /keep -->\n",
    );
    let seen: Vec<_> = paper.pages.iter().map(lines).collect();
    assert_eq!(seen, [vec!["a"], vec!["b", "c"], vec!["d"]]);
}

#[test]
fn a_row_is_whole_unless_it_is_higher_than_a_page() {
    let row = |lines: usize| format!("| n | t |\n|---|---|\n| r | {} |\n", each(lines, |n| format!("C{n}<br>")));
    let paper = arranged(&format!("{}\n\n{}", filler(30), row(20)));
    assert!(!has(&paper.pages[0], "C0") && has(&paper.pages[1], "C0") && has(&paper.pages[1], "C19"));
    let paper = arranged(&row(120));
    assert!(paper.pages.len() >= 3);
    for page in &paper.pages {
        assert_eq!(lines(page)[0], "n t", "the heading is repeated");
    }
    let cells: Vec<String> =
        paper.pages.iter().flat_map(lines).filter_map(|line| line.split('C').nth(1).map(str::to_owned)).collect();
    assert_eq!(cells, (0..120).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[test]
fn neither_the_first_nor_the_last_row_stands_alone() {
    for count in 20..40 {
        let rows = each(8, |n| format!("| R{n} | x |\n"));
        let paper = arranged(&format!("{}\n\n| h | i |\n|---|---|\n{rows}", filler(count)));
        let on = |page| lines(page).iter().filter(|line| line.starts_with('R')).count();
        let parts: Vec<usize> = paper.pages.iter().map(on).filter(|rows| *rows > 0).collect();
        assert!(parts.iter().all(|rows| *rows >= 2), "{count}: {parts:?}");
        let heads = paper.pages.iter().flat_map(lines).filter(|line| line == "h i").count();
        assert_eq!(heads, parts.len(), "{count}");
    }
}

#[test]
fn widths_are_as_said_but_divide_no_word_that_has_room() {
    let edges = |widths: &str| {
        let paper = arranged(&format!("<!-- table {widths} -->\n| a | b |\n|---|---|\n| 1234567890 | x |\n"));
        let page = texts(&paper.pages[0]);
        assert!(page.iter().any(|(words, _)| *words == "1234567890"), "{widths}");
        let b = page.iter().find(|(words, _)| *words == "b").expect("the second column");
        b.1.x
    };
    assert!(edges("widths=1,1") > edges("widths=1,3"));
    assert!((edges("widths=1,3") - edges("widths=2,6")).abs() < 0.01);
    let narrowest = edges("widths=1,1000");
    assert!(narrowest > 20.0 * 72.0 / 25.4 + 50.0, "the number is not divided: {narrowest}");
}
