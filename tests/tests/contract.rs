//! What the documents promise to whoever builds on them: every field of a request has a bound, every body an example, every
//! status, permission and fact is named; and the program keeps what they say. Random requests are `tests/contract/run`'s.
use crate::spec::{MERGED, is_public, operations, resolve};
use platform::openapi;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Schemas of what an operation takes: `(place, schema)`.
fn requests() -> impl Iterator<Item = (String, &'static Value)> {
    operations().flat_map(|(path, method, operation)| {
        let place = move |what: &str| format!("{method} {path} {what}");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.map(move |one| (place(one["name"].as_str().unwrap_or("?")), &one["schema"]));
        parameters.chain(bodies(operation).map(move |(_, content)| (place("body"), &content["schema"])))
    })
}

fn bodies(operation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    operation["requestBody"]["content"].as_object().into_iter().flatten()
}

/// Walks a schema with all that it holds; notes what has no bound. A named schema is looked at once.
fn unbounded(place: &str, schema: &Value, document: &Value, seen: &mut BTreeSet<String>, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        if seen.insert(name.to_owned()) {
            unbounded(name, resolve(schema, document), document, seen, found);
        }
        return;
    }
    if !is_bounded(schema) {
        found.push(format!("{place}: {schema}"));
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        for part in schema[word].as_array().into_iter().flatten() {
            unbounded(place, part, document, seen, found);
        }
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        unbounded(&format!("{place}/{name}"), field, document, seen, found);
    }
    for inner in ["items", "additionalProperties"] {
        if schema[inner].is_object() {
            unbounded(&format!("{place}/{inner}"), &schema[inner], document, seen, found);
        }
    }
}

fn is_bounded(schema: &Value) -> bool {
    let is =
        |kind: &str| schema["type"] == kind || schema["type"].as_array().is_some_and(|all| all.contains(&json!(kind)));
    let has = |word: &str| !schema[word].is_null();
    let fixed = |format: &Value| ["uuid", "date", "date-time"].iter().any(|known| format == known);
    let short = |pattern: &Value| pattern.as_str().is_some_and(is_short);
    let text = has("enum") || has("maxLength") || fixed(&schema["format"]) || short(&schema["pattern"]);
    let number = has("enum") || has("minimum") && has("maximum");
    (!is("string") || text) && (!is("integer") && !is("number") || number) && (!is("array") || has("maxItems"))
}

/// An anchored pattern that repeats nothing without end.
fn is_short(pattern: &str) -> bool {
    let plain = pattern.replace("\\*", "").replace("\\+", "");
    pattern.starts_with('^') && pattern.ends_with('$') && !plain.contains(['*', '+']) && !plain.contains(",}")
}

#[test]
fn no_field_of_a_request_is_unbounded() {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for (place, schema) in requests() {
        unbounded(&place, schema, &MERGED, &mut seen, &mut found);
    }
    assert!(found.is_empty(), "{} of them:\n{}", found.len(), found.join("\n"));
    assert!(seen.len() > 150, "the bodies were looked at: {}", seen.len());
}

#[test]
fn what_has_no_bound_is_noticed() {
    for schema in [
        json!({"type": "string"}),
        json!({"type": ["string", "null"], "pattern": "^a+$"}),
        json!({"type": "string", "pattern": "[0-9]{2}"}),
        json!({"type": "integer", "minimum": 0}),
        json!({"type": "array", "items": {"type": "boolean"}}),
        json!({"type": "object", "properties": {"a": {"oneOf": [{"type": "null"}, {"type": "number"}]}}}),
    ] {
        let mut found = Vec::new();
        unbounded("here", &schema, &MERGED, &mut BTreeSet::new(), &mut found);
        assert_eq!(found.len(), 1, "{schema}: {found:?}");
    }
}

/// What an example lacks or has too much, by the shape alone; whether the program can read it, the sweep asks it itself, and
/// `tests/contract/run` holds it to every word of its schema.
fn misfit(schema: &Value, value: &Value) -> Option<String> {
    let schema = resolve(schema, &MERGED);
    let all = |word: &str| schema[word].as_array().filter(|parts| !parts.is_empty());
    if let Some(choices) = all("oneOf").or(all("anyOf")) {
        let mut faults: Vec<_> = choices.iter().map(|choice| misfit(choice, value)).collect();
        return if faults.iter().any(Option::is_none) { None } else { faults.pop().flatten() };
    }
    if let Some(fault) = all("allOf").and_then(|parts| parts.iter().find_map(|part| misfit(part, value))) {
        return Some(fault);
    }
    if all("enum").is_some_and(|words| !words.contains(value)) {
        return Some(format!("{value} is none of {}", schema["enum"]));
    }
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    let is = |kind: &Value| match kind.as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("null") => value.is_null(),
        _ => true,
    };
    if !kinds.iter().any(is) {
        return Some(format!("{value} is no {}", schema["type"]));
    }
    let length = value.as_str().map_or(0, |text| text.chars().count() as u64);
    if schema["maxLength"].as_u64().is_some_and(|most| length > most) {
        return Some(format!("{value} is too long"));
    }
    if let Some(items) = value.as_array() {
        return items.iter().find_map(|item| misfit(&schema["items"], item));
    }
    let fields = value.as_object()?;
    let mut needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(absent) = needed.find(|name| !fields.contains_key(*name)) {
        return Some(format!("{absent} is missing"));
    }
    fields.iter().find_map(|(name, value)| match schema["properties"].get(name) {
        Some(field) => misfit(field, value).map(|why| format!("{name}: {why}")),
        None => (schema["additionalProperties"] == false).then(|| format!("{name} is unknown")),
    })
}

#[test]
fn every_body_has_an_example_that_fits_its_schema() {
    let (mut wrong, mut examples) = (Vec::new(), 0);
    for (path, method, operation) in operations() {
        for (kind, content) in bodies(operation) {
            examples += 1;
            let why = match content.get("example") {
                None => Some("no example".to_owned()),
                Some(example) => misfit(&content["schema"], example),
            };
            wrong.extend(why.map(|why| format!("{method} {path} {kind}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {examples}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(examples > 200, "{examples}");
}

/// Is one row shown, with its version?
fn has_version(operation: &Value) -> bool {
    let shown = resolve(&operation["responses"]["200"]["content"]["application/json"]["schema"], &MERGED);
    ["id", "version"].iter().all(|field| !shown["properties"][*field].is_null())
}

#[test]
fn every_operation_names_the_statuses_that_it_can_return() {
    let mut missing = Vec::new();
    for (path, method, operation) in operations() {
        let mut wanted = vec!["400", "500", "503"];
        // Whoever comes by a link has no token and needs no permission.
        wanted.extend(if is_public(operation) { ["404", "429"] } else { ["401", "403"] });
        if path.contains('{') {
            wanted.push("404");
        }
        match method {
            // What has no version is sent whole each time.
            "get" if !has_version(operation) => {}
            "get" => wanted.push("304"),
            _ => wanted.extend(["409", "413", "422"]),
        }
        if method != "get" && bodies(operation).all(|(kind, _)| kind == "application/json") {
            wanted.push("415");
        }
        if operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "If-Match") {
            wanted.extend(["412", "428"]);
        }
        wanted.retain(|status| operation["responses"][*status].is_null());
        missing.extend(wanted.into_iter().map(|status| format!("{method} {path}: {status}")));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_operation_names_the_facts_that_it_tells() {
    let mut wrong = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (path, method, operation) in operations() {
        known.extend(operation["operationId"].as_str());
        let service = path.split('/').nth(2).unwrap_or_default();
        let told = suite::ALL.iter().filter(|one| one.name == service).flat_map(platform::Service::told);
        let told: BTreeSet<&str> = told.map(|event| event.kind).collect();
        let Some(events) = operation["x-events"].as_array() else {
            wrong.push(format!("{method} {path} has no x-events"));
            continue;
        };
        let strange = events.iter().filter_map(Value::as_str).filter(|event| !told.contains(event));
        wrong.extend(strange.map(|event| format!("{method} {path}: {service} tells no {event}")));
        if !events.is_empty() && (method == "get" || operation["x-pure"] == true) {
            wrong.push(format!("{method} {path} only reads"));
        }
    }
    wrong.extend(openapi::facts::tellers().filter(|id| !known.contains(id)).map(|id| format!("no operation {id}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_link_leads_to_an_operation_and_names_its_parameters() {
    let (mut wrong, mut links) = (Vec::new(), 0);
    for (path, method, operation) in operations() {
        let answers = operation["responses"].as_object().into_iter().flat_map(Map::values);
        for link in answers.flat_map(|answer| answer["links"].as_object().into_iter().flat_map(Map::values)) {
            links += 1;
            let target = operations().find(|(_, _, one)| one["operationId"] == link["operationId"]);
            let takes = |place: &str| {
                let all = target.into_iter().flat_map(|(_, _, one)| one["parameters"].as_array().into_iter().flatten());
                let place = place.split_once('.');
                all.into_iter().any(|one| place == one["in"].as_str().zip(one["name"].as_str()))
            };
            let parameters = link["parameters"].as_object().into_iter().flat_map(Map::keys);
            wrong.extend(parameters.filter(|name| !takes(name)).map(|name| format!("{method} {path}: {link}: {name}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(links > 300, "{links}");
}
