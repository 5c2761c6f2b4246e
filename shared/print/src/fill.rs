//! Fills a template in. What data says is text: it cannot become Markdown, a directive or a table's border unless the template
//! asks for it (`| markdown`). A variable that is not there, or has no value, is an error: nobody sends "none" to a customer.
use crate::{PrintError, Template, filters, limits};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value, value::ValueKind};

/// The document's text, Markdown.
pub fn body(template: &Template, body: &str, data: &Value) -> Result<String, PrintError> {
    text(template, body, 0, data, as_markdown)
}

/// One setting of the front matter, plain text. `line` is where it stands.
pub fn setting(template: &Template, value: &str, line: usize, data: &Value) -> Result<String, PrintError> {
    text(template, value, line - 1, data, |text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn text(
    template: &Template,
    source: &str,
    lines_before: usize,
    data: &Value,
    shown: fn(&str) -> String,
) -> Result<String, PrintError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(limits::FUEL));
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_keep_trailing_newline(true);
    filters::register(&mut environment);
    environment.set_formatter(move |out, _, value| {
        let written = match value.kind() {
            ValueKind::String if value.is_safe() => value.to_string(),
            ValueKind::String => shown(value.as_str().unwrap_or_default()),
            ValueKind::Number => value.to_string(),
            ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
            ValueKind::None => return Err(refused("the value is none; write what to show then: {{ value or \"–\" }}")),
            kind => return Err(refused(&format!("a {kind} cannot be shown, only text and numbers"))),
        };
        Ok(out.write_str(&written)?)
    });
    let failed = |error: Error| {
        let line = error.line().unwrap_or(1);
        let cause =
            error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
        // The engine does not name the variable; the line does.
        let there: String = source.lines().nth(line - 1).unwrap_or_default().trim().chars().take(100).collect();
        let cause = if there.is_empty() { cause } else { format!("{cause} in `{there}`") };
        PrintError::Template { template: template.name.clone(), line: line + lines_before, cause }
    };
    let compiled = environment.template_from_named_str(&template.name, source).map_err(failed)?;
    let mut bounded = Bounded(Vec::new());
    match compiled.render_captured_to(data, &mut bounded) {
        Err(_) if bounded.0.len() >= limits::TEXT_BYTES => {
            Err(PrintError::TooLong { most: limits::TEXT_BYTES, what: "bytes of text" })
        }
        Err(error) => Err(failed(error)),
        // What minijinja writes is UTF-8, piece by piece.
        Ok(_) => Ok(String::from_utf8(bounded.0).unwrap_or_default()),
    }
}

fn refused(cause: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, cause.to_owned())
}

/// Every ASCII punctuation may stand behind a backslash in Markdown and is itself then. A new line is a line break, also in a table.
fn as_markdown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for (number, line) in text.trim().lines().enumerate() {
        if number > 0 {
            shown.push_str("<br>");
        }
        for c in line.trim().chars() {
            if c.is_ascii_punctuation() {
                shown.push('\\');
            }
            shown.push(if c.is_control() { ' ' } else { c });
        }
    }
    shown
}

/// Refuses to grow beyond the limit.
struct Bounded(Vec<u8>);
impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let room = limits::TEXT_BYTES - self.0.len();
        if bytes.len() > room {
            self.0.resize(limits::TEXT_BYTES, b' ');
            return Err(std::io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{self, Block};
    use serde_json::json;

    fn template() -> Template {
        Template { name: "t.md".to_owned(), text: String::new() }
    }
    fn filled(source: &str, data: &serde_json::Value) -> Result<String, String> {
        body(&template(), source, &Value::from_serialize(data)).map_err(|error| error.to_string())
    }
    fn blocks(source: &str, data: &serde_json::Value) -> Vec<Block> {
        markup::read(&template(), &filled(source, data).expect("filled")).expect("blocks")
    }
    /// The words of a document that is one paragraph and no more.
    fn paragraph(source: &str, data: &serde_json::Value) -> String {
        let blocks = blocks(source, data);
        let [Block::Paragraph { text, .. }] = &blocks[..] else { panic!("one paragraph: {blocks:?}") };
        text.iter()
            .map(|span| match span {
                markup::Span::Words { text, bold: false, muted: false } => text.as_str(),
                other => panic!("plain words: {other:?}"),
            })
            .collect()
    }

    #[test]
    fn what_is_missing_is_an_error_of_its_line_and_never_an_empty_word() {
        let told = filled("a\n{{ nobody }}\n", &json!({})).unwrap_err();
        assert_eq!(told, "t.md, line 2: undefined value in `{{ nobody }}`");
        let told = filled("{{ a.b }}", &json!({"a": {}})).unwrap_err();
        assert!(told.starts_with("t.md, line 1: undefined value"), "{told}");
        let told = filled("\n\n{% for x in xs %}{% endfor %}", &json!({})).unwrap_err();
        assert!(told.starts_with("t.md, line 3: "), "{told}");
        let none = filled("{{ a }}", &json!({"a": null})).unwrap_err();
        assert!(none.contains("the value is none"), "{none}");
        assert_eq!(filled("{{ a or \"–\" }}", &json!({"a": null})).as_deref(), Ok("–"));
        for (kind, value) in [("sequence", json!([1])), ("map", json!({"b": 1})), ("bool", json!(true))] {
            let told = filled("{{ a }}", &json!({"a": value})).unwrap_err();
            assert!(told.contains(&format!("a {kind} cannot be shown")), "{told}");
        }
        let told = setting(&template(), "{{ nobody }}", 3, &Value::from_serialize(json!({}))).unwrap_err();
        assert!(told.to_string().starts_with("t.md, line 3: undefined value"), "{told}");
    }

    #[test]
    fn what_data_says_is_text_whatever_it_looks_like() {
        let hostile = [
            "# no heading",
            "**not bold** _nor_ `code` ~~x~~",
            "- no list",
            "1. no list",
            "1) nor this",
            "> no quotation",
            "---",
            "| no | table |",
            "[no link](http://x.cn) ![](x.png) <http://x.cn>",
            "<!-- page-break -->",
            "<b>no</b> &amp; &lt; \\ \\*",
            "{{ number }} {% if x %} {# x #}",
            "#set text(size: 99pt) $x$ @ref",
        ];
        for text in hostile {
            assert_eq!(paragraph("{{ a }}", &json!({"a": text})), text);
            assert_eq!(paragraph("x {{ a }}", &json!({"a": text})), format!("x {text}"), "within a line");
        }
        let lines = "一行\n- 二行\n\n  # 三行  \r\n";
        assert_eq!(paragraph("{{ a }}", &json!({"a": lines})), "一行\n- 二行\n\n# 三行");
        let table = blocks("| a | b |\n|---|---|\n| {{ a }} | x |\n", &json!({"a": "1 | 2\n3"}));
        let [Block::Table(table)] = &table[..] else { panic!("one table: {table:?}") };
        assert_eq!((table.rows.len(), table.rows[0].len()), (1, 2), "a cell stays one");
        assert_eq!(filled("{{ a }}", &json!({"a": "x\u{7}y"})).as_deref(), Ok("x y"));
        assert_eq!(filled("{{ a }}", &json!({"a": -1.5})).as_deref(), Ok("-1.5"), "numbers are as they are");
    }

    #[test]
    fn lists_of_the_template_and_of_given_markdown_nest() {
        let source =
            "{% for x in xs %}\n- {{ x.name }}\n{% for y in x.parts %}\n  - {{ y }}\n{% endfor %}\n{% endfor %}\n";
        let data = json!({"xs": [{"name": "a", "parts": ["1. b", "- c"]}, {"name": "d", "parts": []}]});
        let made = blocks(source, &data);
        let [Block::List { start: None, items }] = &made[..] else { panic!("one list: {made:?}") };
        let [Block::Paragraph { .. }, Block::List { start: None, items: inner }] = &items[0][..] else {
            panic!("a list within: {items:?}")
        };
        assert_eq!((items.len(), inner.len(), inner[0].len(), items[1].len()), (2, 2, 1, 1), "b and c are words");
        let given = json!({"a": "- x\n  1. y\n     - z\n"});
        let kept = blocks("{{ a | markdown }}", &given);
        let [Block::List { items, .. }] = &kept[..] else { panic!("one list: {kept:?}") };
        let [_, Block::List { start: Some(1), items }] = &items[0][..] else { panic!("numbers within: {items:?}") };
        assert!(matches!(&items[0][..], [_, Block::List { start: None, .. }]), "{items:?}");
    }

    #[test]
    fn a_setting_is_one_line_of_plain_text_and_a_document_has_its_bounds() {
        let said = |data| setting(&template(), "{{ a }} | {{ b }}", 2, &Value::from_serialize(data));
        assert_eq!(said(json!({"a": " *a*\n b ", "b": 2})).as_deref(), Ok("*a* b | 2"));
        let long = filled(
            "{% for x in range(100) %}{{ a }}{% endfor %}",
            &json!({"a": "字".repeat(limits::TEXT_BYTES / 300 + 1)}),
        );
        assert!(long.unwrap_err().contains("too long"));
        let fuel = filled("{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}", &json!({}));
        assert!(fuel.unwrap_err().contains("fuel"), "it ends");
    }
}
