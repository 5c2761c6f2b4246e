//! Bodies that a schema allows, the smallest of them: what a sweep sends where only the answer's status matters.
//! Not a fuzzer: one value for one schema.
use crate::spec::resolve;
use serde_json::{Map, Value, json};

/// A value that the schema accepts.
pub fn sample(schema: &Value, document: &Value) -> Value {
    let schema = resolve(schema, document);
    if let Some(example) = schema["examples"].get(0).or_else(|| schema.get("example")).or_else(|| schema.get("const")) {
        return example.clone();
    }
    if let Some(word) = schema["enum"].get(0) {
        return word.clone();
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(options) = schema[choice].as_array() {
            let option = options.iter().find(|option| option["type"] != "null").unwrap_or(&Value::Null);
            return sample(option, document);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().filter_map(|part| sample(part, document).as_object().cloned());
        return Value::Object(parts.flatten().collect());
    }
    plain(schema, document)
}

fn plain(schema: &Value, document: &Value) -> Value {
    let kind = schema["type"].as_str().or_else(|| schema["type"].as_array()?.iter().find_map(|kind| kind.as_str()));
    match kind {
        Some("object") | None => object(schema, document),
        Some("array") => {
            let count = schema["minItems"].as_u64().unwrap_or(0);
            (0..count).map(|_| sample(&schema["items"], document)).collect()
        }
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("null") => Value::Null,
        Some(_) => text(schema),
    }
}

fn object(schema: &Value, document: &Value) -> Value {
    let mut body = Map::new();
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        body.insert(name.to_owned(), sample(&schema["properties"][name], document));
    }
    Value::Object(body)
}

fn text(schema: &Value) -> Value {
    let pattern = schema["pattern"].as_str().unwrap_or("");
    match schema["format"].as_str() {
        Some("uuid") => json!("01932c5e-7b1a-7c3d-9e4f-0123456789ab"),
        Some("date-time") => json!("2026-03-02T01:00:00Z"),
        Some("date") => json!("2099-12-31"),
        Some("decimal") => json!("1"),
        _ if pattern.contains("A-Z") => json!("CNY"),
        _ if pattern.contains("[0-9]") || pattern.contains("\\d") => json!("1"),
        _ => json!("x".repeat(usize::try_from(schema["minLength"].as_u64().unwrap_or(1).max(1)).unwrap_or(1))),
    }
}

/// The smallest body with one text longer than its schema takes, and that text's pointer; none where it has no such text.
pub fn beyond(schema: &Value, document: &Value) -> Option<(String, Value)> {
    let mut body = sample(schema, document);
    let fields = resolve(schema, document)["properties"].as_object()?;
    let (name, value) = fields.iter().find_map(|(name, field)| Some((name, too_much(field, document)?)))?;
    body[name] = value;
    Some((format!("/{name}"), body))
}

fn too_much(field: &Value, document: &Value) -> Option<Value> {
    let field = resolve(field, document);
    if let Some(choices) = field["oneOf"].as_array() {
        return choices.iter().find_map(|choice| too_much(choice, document));
    }
    // What is no `Text` is looked at by its own rule, which may come after others.
    let most = field["maxLength"].as_u64().filter(|_| field["pattern"] == "\\S")?;
    let most = usize::try_from(most).ok()?;
    Some(json!("x".repeat(most + 1)))
}

#[test]
fn the_smallest_quote_is_a_quote() {
    let document = platform::openapi::document(suite::ALL);
    let body =
        &document["paths"]["/api/quoting/v1/quotes"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    serde_json::from_value::<wire::quoting::NewQuote>(sample(body, &document)).unwrap();
}
