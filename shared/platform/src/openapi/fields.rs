//! What fields of one name mean everywhere: a line in `fields.txt`. A field that says itself what it is, in its doc comment or
//! by the shape that it refers to, is left alone.
use super::referred;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::LazyLock};

static FIELDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("fields.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": ")).collect()
});

/// The table: name, a part of a path in braces, and what it is.
pub fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIELDS.iter().map(|(name, text)| (*name, *text))
}

/// Describes the fields of named shapes.
pub fn describe(schemas: &mut Value) {
    let named = schemas.clone();
    for schema in schemas.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        describe_within(schema, &named);
    }
}

fn describe_within(schema: &mut Value, named: &Value) {
    for (name, field) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        if let Some(text) = FIELDS.get(name.as_str()).filter(|_| !is_said(field, named)) {
            field["description"] = json!(text);
        }
    }
    for word in ["properties", "oneOf", "anyOf", "allOf", "items", "additionalProperties"] {
        match schema.get_mut(word) {
            Some(Value::Array(parts)) => parts.iter_mut().for_each(|part| describe_within(part, named)),
            Some(Value::Object(parts)) if word == "properties" => {
                parts.values_mut().for_each(|part| describe_within(part, named));
            }
            Some(part @ Value::Object(_)) => describe_within(part, named),
            _ => {}
        }
    }
}

/// Describes a part of a path.
pub(super) fn describe_part(parameter: &mut Value) {
    let name = format!("{{{}}}", parameter["name"].as_str().unwrap_or_default());
    if let Some(text) = FIELDS.get(name.as_str()).filter(|_| parameter["description"].is_null()) {
        parameter["description"] = json!(text);
    }
}

/// Is it said what this is: in its own words, or by a named shape or the entries of the list that it is?
#[must_use]
pub fn is_said(schema: &Value, named: &Value) -> bool {
    let has_words = |schema: &Value| schema["description"].as_str().is_some_and(|text| !text.trim().is_empty());
    let choices = ["oneOf", "anyOf", "allOf"].iter().filter_map(|word| schema[*word].as_array()).flatten();
    let mut parts = schema.get("items").into_iter().chain(choices);
    has_words(schema) || has_words(referred(schema, named)) || parts.any(|part| is_said(part, named))
}
