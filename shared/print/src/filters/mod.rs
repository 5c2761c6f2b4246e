//! What a template may ask of a value: `money`, `percent`, `number`, `day`, `capital`, `markdown`. Each refuses what it does not
//! understand instead of printing it. Refuses to calculate or to round: what is printed is what was agreed.
mod capital;
mod day;
mod number;

use crate::Language;
use minijinja::{Environment, Error, ErrorKind, State, Value};

/// Makes the filters known.
pub fn register(environment: &mut Environment<'_>) {
    environment.add_filter("money", money);
    environment.add_filter("number", number);
    environment.add_filter("percent", percent);
    environment.add_filter("day", day);
    environment.add_filter("capital", capital);
    environment.add_filter("markdown", markdown);
}

fn refused(cause: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, cause)
}
fn said(answer: Result<String, String>) -> Result<String, Error> {
    answer.map_err(refused)
}

/// The language of the data, which decides how dates and amounts are written.
fn language(state: &State) -> Result<Language, Error> {
    let named = state.lookup("language").map(|value| value.to_string()).unwrap_or_default();
    named.parse().map_err(|cause| refused(format!("the variable `language` decides how this is written, and {cause}")))
}

/// `12345.6` → `12,345.60`; with a currency `¥12,345.60` or `USD 12,345.60`.
fn money(state: &State, value: &Value, currency: Option<String>) -> Result<String, Error> {
    let Some(code) = currency else { return said(number::grouped(&value.to_string(), 2)) };
    said(number::money(&value.to_string(), &code, language(state)?))
}

/// `1200.50` → `1,200.5`, a quantity.
fn number(value: &Value) -> Result<String, Error> {
    said(number::grouped(&value.to_string(), 0))
}
/// `0.13` → `13%`.
fn percent(value: &Value) -> Result<String, Error> {
    said(number::percent(&value.to_string()))
}
/// `2026-03-05` → `2026年3月5日`, `5 March 2026`.
fn day(state: &State, value: &Value) -> Result<String, Error> {
    said(day::day(&value.to_string(), language(state)?))
}
/// `12000` → `壹万贰仟元整`.
fn capital(value: &Value) -> Result<String, Error> {
    said(capital::capital(&value.to_string()))
}

/// Text that is Markdown itself and stays so. Its headings go two levels down, below those of the template; directives of the
/// template (`<!-- … -->`) are not to be had through data.
fn markdown(value: &Value) -> Result<Value, Error> {
    let Some(text) = value.as_str() else { return Err(refused("only text can be Markdown".to_owned())) };
    let mut lines = Vec::new();
    for line in text.lines() {
        let level = line.chars().take_while(|c| *c == '#').count();
        let heading = (1..=6).contains(&level) && line[level..].starts_with(' ');
        let down = if heading { "#".repeat((6 - level).min(2)) } else { String::new() };
        lines.push(format!("{down}{line}").replace("<!--", "\\<!--"));
    }
    Ok(Value::from_safe_string(lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_given_markdown_go_down_and_its_directives_are_text() {
        let given = Value::from("# A\n##### B\n###### C\n#no heading\n<!-- page-break -->");
        let shown = markdown(&given).expect("text").to_string();
        assert_eq!(shown, "### A\n###### B\n###### C\n#no heading\n\\<!-- page-break -->");
        assert!(markdown(&Value::from(3)).is_err());
    }
}
