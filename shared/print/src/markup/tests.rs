//! Markdown and directives as blocks, and what is refused with its line.
use super::*;

fn template(text: &str) -> Template {
    Template { name: "t.md".to_owned(), text: text.to_owned() }
}
fn blocks(text: &str) -> Vec<Block> {
    read(&template(text), text).expect("blocks")
}
fn refused(text: &str) -> String {
    read(&template(text), text).expect_err("refused").to_string()
}
fn words(text: &str) -> Text {
    inline::words(text)
}
fn paragraph(text: &str) -> Block {
    Block::Paragraph { text: words(text), look: Look::default() }
}

#[test]
fn a_new_line_is_a_space_only_where_words_need_one() {
    assert_eq!(blocks("为贵司提供\n解决方案 for\nyou"), [paragraph("为贵司提供解决方案 for you")]);
    assert_eq!(blocks("a<br>b  \nc"), [paragraph("a\nb\nc")]);
}

#[test]
fn a_table_takes_its_directive_and_forgets_an_empty_heading() {
    let text = "<!-- table kind=plain widths=1,3 share=50% right joined size=8 -->\n| | |\n|---|--:|\n| a | **1** |\n";
    let [Block::Table(table)] = &blocks(text)[..] else { panic!("one table") };
    assert_eq!((table.kind, table.share, table.right, table.joined), (TableKind::Plain, 0.5, true, true));
    assert_eq!((&table.widths[..], &table.columns[..]), (&[1.0, 3.0][..], &[Align::Left, Align::Right][..]));
    assert!(table.head.is_empty());
    let bold = Span::Words { text: "1".to_owned(), bold: true, muted: false };
    assert_eq!(table.rows, [vec![words("a"), vec![bold]]]);
}

#[test]
fn what_is_kept_together_is_one_block_and_lists_nest() {
    let kept = blocks("<!-- keep -->\n## A\n\nb\n<!-- /keep -->\n\n- x\n  1. y\n");
    let [Block::Keep(inner), Block::List { start: None, items }] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(inner.len(), 2);
    let [first, Block::List { start: Some(1), items: nested }] = &items[0][..] else { panic!("{items:?}") };
    assert_eq!((first, &nested[0][0]), (&paragraph("x"), &paragraph("y")));
}

#[test]
fn what_is_not_understood_is_told_with_its_line() {
    assert_eq!(
        refused("a\n\n<!-- pagebreak -->"),
        "t.md, line 3: <!-- pagebreak -->: there is no directive `pagebreak`"
    );
    assert!(refused("<!-- keep -->\na").contains("line 1: <!-- keep -->: this `keep` is never closed"));
    assert!(refused("a\n\n<!-- /keep -->").contains("line 3: <!-- /keep -->: nothing was kept"));
    assert!(refused("<!-- table -->\nno table").contains("line 1"));
    assert!(refused("<!-- table widths=1,2 -->\n|a|\n|---|\n|b|").contains("2 widths for a table of 1 columns"));
    assert!(refused("a <!-- keep --> b").contains("has its line for itself"));
    assert!(refused("![](logo.png)").contains("says its size"));
    for wrong in ["space 3", "space", "text size=4.9", "text size=72.1", "table share=9%", "table share=101%", "keep x"]
    {
        assert!(refused(&format!("<!-- {wrong} -->\n")).contains("line 1"), "{wrong}");
    }
    assert_eq!(blocks("<!-- space 0pt -->\n"), [Block::Space(0.0)]);
}

#[test]
fn lists_nest_up_to_the_limit() {
    let nested = |depth: usize| (0..depth).map(|level| "  ".repeat(level) + "- x\n").collect::<String>();
    assert_eq!(blocks(&nested(limits::DEPTH)).len(), 1);
    assert!(refused(&nested(limits::DEPTH + 1)).contains("more than 8 lists"));
}

#[test]
fn foreign_html_and_links_keep_their_words() {
    assert_eq!(blocks("<div>x</div>"), [paragraph("<div>x</div>")]);
    assert_eq!(blocks("a [b](http://c.cn) <u>d</u>"), [paragraph("a b (http://c.cn) <u>d</u>")]);
    assert_eq!(blocks("<http://c.cn>"), [paragraph("http://c.cn")]);
}
