//! Headers of answers, from the shapes of their bodies alone: what has a `version` has an `ETag` and can be asked for again only
//! if it has changed; what has a `next` says where; what was made says where it lies; what was done under a key says whether
//! it was done now.
use super::referred;
use serde_json::{Map, Value, json};

/// Name, what it says, example.
const HEADERS: [(&str, &str, &str); 4] = [
    (
        "ETag",
        "The version of the row: give it back as If-Match when you change it, as If-None-Match when you read it again.",
        "\"3\"",
    ),
    (
        "Link",
        "Where the next page is; absent on the last one.",
        "</api/crm/v1/leads?after=0192d3c4-0000-7000-8000-000000000001>; rel=\"next\"",
    ),
    (
        "Idempotency-Replayed",
        "`true` where the key had been used for this request before: the answer is the stored one.",
        "true",
    ),
    ("Location", "The path of what was made.", "/api/crm/v1/leads/0192d3c4-0000-7000-8000-000000000001"),
];

/// The components.
pub(super) fn all() -> Value {
    let header = |(name, says, example): &(&str, &str, &str)| {
        let header = json!({"description": says, "schema": {"type": "string", "examples": [example]}});
        ((*name).to_owned(), header)
    };
    Value::Object(HEADERS.iter().map(header).collect::<Map<_, _>>())
}

pub(super) fn add(method: &str, operation: &mut Value, schemas: &Value) {
    let keyed = operation["parameters"].as_array().into_iter().flatten().any(|p| p["name"] == "Idempotency-Key");
    let mut tagged = false;
    for (status, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
        if !["200", "201", "202"].contains(&status.as_str()) {
            continue;
        }
        let schema = &answer["content"]["application/json"]["schema"];
        let shape = referred(schema, schemas);
        tagged |= !answer["headers"]["ETag"].is_null();
        let has = |field: &str| !shape["properties"][field].is_null();
        let mut headers = answer["headers"].as_object().cloned().unwrap_or_default();
        let mut say = |name: &str| {
            headers.entry(name).or_insert_with(|| json!({"$ref": format!("#/components/headers/{name}")}));
        };
        if has("version") && has("id") {
            tagged = true;
            say("ETag");
        }
        if has("next") && has("items") {
            say("Link");
        }
        if keyed {
            say("Idempotency-Replayed");
        }
        if keyed && ["201", "202"].contains(&status.as_str()) && has("id") {
            say("Location");
        }
        if !headers.is_empty() {
            answer["headers"] = Value::Object(headers);
        }
    }
    if tagged && method == "get" {
        let etag = json!({"ETag": {"required": true, "schema": {"type": "string", "minLength": 1}}});
        operation["responses"]["304"] = json!({"description": "Not changed since that version", "headers": etag});
        if let Some(parameters) = operation["parameters"].as_array_mut() {
            parameters.push(json!({"name": "If-None-Match", "in": "header", "required": false, "schema": {"type": "string", "maxLength": 200, "examples": ["\"3\""]},
                "description": "ETags that are known already: 304 without a body if the row still has one of them."}));
        }
    }
}
