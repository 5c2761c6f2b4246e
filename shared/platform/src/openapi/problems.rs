//! Answers that are problems: each is said once in the components of the document, and named where an operation can give it.
use serde_json::{Map, Value, json};

/// Name, status, what it says, and the header that always comes with it.
const PROBLEMS: [(&str, &str, &str, Option<&str>); 13] = [
    ("Malformed", "400", "Malformed request", None),
    ("NoToken", "401", "No valid token", Some("WWW-Authenticate")),
    ("NotPermitted", "403", "The permission is missing", None),
    ("NotFound", "404", "No such thing, or not one that the caller may see", None),
    ("Conflict", "409", "Refused by state, gate or a request in flight", None),
    ("Outdated", "412", "Someone has changed it meanwhile", None),
    ("BodyTooLarge", "413", "Larger than 1 MiB", None),
    ("NotJson", "415", "Not JSON", None),
    ("Refused", "422", "Refused by a rule or a wrong field", None),
    ("IfMatchMissing", "428", "If-Match is required", None),
    ("TooOften", "429", "The link is used too often; Retry-After says when to come back", Some("Retry-After")),
    ("Failed", "500", "An error of ours", None),
    ("Busy", "503", "Too much to do; Retry-After says when to come back", Some("Retry-After")),
];

fn content() -> Value {
    json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}})
}

/// The components.
pub(super) fn all() -> Value {
    let problem = |(name, _, says, header): &(&str, &str, &str, Option<&str>)| {
        let mut answer = json!({"description": says, "content": content()});
        if let Some(header) = header {
            answer["headers"] = json!({*header: {"required": true, "schema": {"type": "string", "minLength": 1}}});
        }
        ((*name).to_owned(), answer)
    };
    Value::Object(PROBLEMS.iter().map(problem).collect::<Map<_, _>>())
}

/// Names those that the operation can give and does not say itself; those that it says are problems too.
pub(super) fn add(path: &str, method: &str, public: bool, operation: &mut Value) {
    let said = operation["responses"].as_object_mut().into_iter().flatten();
    for (_, own) in said.filter(|(status, _)| status.as_str() >= "400") {
        own["content"] = content();
    }
    let names = names(path, method, public, operation);
    for (name, status, ..) in PROBLEMS.iter().filter(|(name, ..)| names.contains(name)) {
        if operation["responses"][*status].is_null() {
            operation["responses"][*status] = json!({"$ref": format!("#/components/responses/{name}")});
        }
    }
}

fn names(path: &str, method: &str, public: bool, operation: &Value) -> Vec<&'static str> {
    let mut names = vec!["Malformed", "Failed", "Busy"];
    // No token, no permission: a link that opens nothing is not there.
    names.extend(if public { &["TooOften"][..] } else { &["NoToken", "NotPermitted"] });
    if path.contains('{') {
        names.push("NotFound");
    }
    if method != "get" {
        names.extend(["Conflict", "Refused"]);
        let body = &operation["requestBody"];
        // Which files it takes, and how large, an operation says itself.
        if body.is_null() || !body["content"]["application/json"].is_null() {
            names.extend(["BodyTooLarge", "NotJson"]);
        }
    }
    if operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "If-Match") {
        names.extend(["NotFound", "Outdated", "IfMatchMissing"]);
    }
    names
}
