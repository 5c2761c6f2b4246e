//! OpenAPI links, from the paths alone: what was made or found is read at its own place, and what was read can be acted on
//! under the `ETag` that came with it. That is how every resource of the suite works, so no handler has to say it.
use serde_json::{Map, Value, json};

/// `(path, method, operation id, does it want If-Match)` of every operation.
type Places = Vec<(String, String, String, bool)>;

pub(super) fn add(document: &mut Value) {
    let mut places = Places::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            let tagged = parameters.any(|parameter| parameter["name"] == "If-Match");
            places.push((path.clone(), method.clone(), id.to_owned(), tagged));
        }
    }
    for (path, method, ..) in &places {
        let operation = &mut document["paths"][path][method];
        let links = links(path, method, &places);
        let statuses = operation["responses"].as_object_mut().into_iter().flatten();
        for (_, answer) in statuses.filter(|(status, _)| ["200", "201", "202"].contains(&status.as_str())) {
            if !links.is_empty() {
                answer["links"] = Value::Object(links.clone());
            }
        }
    }
}

fn links(path: &str, method: &str, places: &Places) -> Map<String, Value> {
    let one = format!("{}/{{id}}", path.split("/{id}").next().unwrap_or(path).split("/by-ref/").next().unwrap_or(path));
    if !places.iter().any(|(path, method, ..)| *path == one && method == "get") {
        return Map::new();
    }
    let reads = path == one && method == "get";
    // What is read may be acted on; everything else leads to a reading.
    let targets = places.iter().filter(|(to, method, ..)| {
        let acts = to == &one && method != "get" || method == "post" && to.strip_prefix(&one).is_some_and(is_a_verb);
        if reads { acts } else { *to == one && method == "get" }
    });
    let id = match (path.contains("{id}"), method) {
        (false, "get") => "$response.body#/items/0/id",
        (false, _) => "$response.body#/id",
        (true, _) => "$request.path.id",
    };
    let link = |(to, _, operation, tagged): &(String, String, String, bool)| {
        let mut parameters = Map::new();
        for name in to.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let from = if name == "id" { id.to_owned() } else { format!("$request.path.{name}") };
            parameters.insert(format!("path.{name}"), json!(from));
        }
        if reads && *tagged {
            parameters.insert("header.If-Match".to_owned(), json!("$response.header.ETag"));
        }
        (operation.clone(), json!({"operationId": operation, "parameters": parameters}))
    };
    targets.map(link).collect()
}

/// `/submit`, and nothing below.
fn is_a_verb(rest: &str) -> bool {
    rest.strip_prefix('/').is_some_and(|verb| !verb.contains(['/', '{']))
}
