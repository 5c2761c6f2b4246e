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
