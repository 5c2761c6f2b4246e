//! An example for every request body: the type's own where it has one, otherwise one put together from the examples and
//! bounds of its parts, every field filled in. It knows shapes, not the business: what it names need not exist.
use super::referred;
use serde_json::{Map, Value, json};

/// Deepest nesting that is filled in: a shape may hold itself.
const DEEPEST: usize = 8;

/// Gives each content of a request body its example.
pub(super) fn fill(operation: &mut Value, schemas: &Value) {
    let contents = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
    for content in contents.into_iter().flat_map(Map::values_mut) {
        if content["example"].is_null() {
            content["example"] = of(&content["schema"], schemas, DEEPEST);
        }
    }
}

/// A value that the schema accepts.
fn of(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if schema["$ref"].is_string() {
        return of(referred(schema, schemas), schemas, depth);
    }
    let own = [schema["examples"].get(0), schema.get("example"), schema.get("const"), schema["enum"].get(0)];
    if let Some(own) = own.into_iter().flatten().next() {
        return own.clone();
    }
    if let Some(choices) = ["oneOf", "anyOf"].iter().find_map(|word| schema[*word].as_array()) {
        let shape = choices.iter().find(|choice| choice["type"] != "null");
        return of(shape.unwrap_or(&Value::Null), schemas, depth);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().filter_map(|part| of(part, schemas, depth).as_object().cloned());
        return Value::Object(parts.flatten().collect());
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].as_array()?.iter().find_map(Value::as_str));
    match kind {
        Some("array") if depth == 0 => json!([]),
        Some("array") => {
            let count = schema["minItems"].as_u64().unwrap_or(1).max(1);
            (0..count).map(|_| of(&schema["items"], schemas, depth - 1)).collect()
        }
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("string") => match schema["format"].as_str() {
            Some("uuid") => json!("01932c5e-7b1a-7c3d-9e4f-0123456789ab"),
            Some("date") => json!("2099-12-31"),
            Some("date-time") => json!("2026-03-02T01:00:00Z"),
            _ => json!("x"),
        },
        _ => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let needed =
                |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
            let fields = fields.filter(|(name, _)| depth > 0 || needed(name));
            let fields = fields.map(|(name, field)| (name.clone(), of(field, schemas, depth.saturating_sub(1))));
            Value::Object(fields.collect())
        }
    }
}
