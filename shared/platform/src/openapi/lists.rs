//! The state that a list can be asked for is one of what it lists: the parameter `status`, which all lists have from one query type,
//! gets those words, and goes where there are none. Refuses to know any resource.
use super::referred;
use serde_json::Value;

/// Of a list: the words of `status`. Of all else nothing.
pub fn type_status(operation: &mut Value, schemas: &Value) {
    let Some(status) = status_of_items(operation, schemas) else { return };
    let Some(parameters) = operation["parameters"].as_array_mut() else { return };
    let is_status = |parameter: &Value| parameter["in"] == "query" && parameter["name"] == "status";
    if status.is_null() {
        return parameters.retain(|parameter| !is_status(parameter));
    }
    for parameter in parameters.iter_mut().filter(|parameter| is_status(parameter)) {
        parameter["schema"] = status.clone();
    }
}

/// The schema of the entries' `status`, null where they have none; nothing where the operation answers no page.
fn status_of_items(operation: &Value, schemas: &Value) -> Option<Value> {
    let answered = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    let page = &referred(answered, schemas)["properties"];
    let items = page.get("items").filter(|_| page.get("next").is_some())?;
    Some(referred(&items["items"], schemas)["properties"]["status"].clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn typed(entry: &Value) -> Value {
        let schemas = json!({"Quote": {"properties": entry}, "Page_Quote": {"properties": {
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/Quote"}}, "next": {"type": ["string", "null"]}}}});
        let page = json!({"$ref": "#/components/schemas/Page_Quote"});
        let mut operation = json!({
            "parameters": [{"name": "limit", "in": "query"}, {"name": "status", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"content": {"application/json": {"schema": page}}}}});
        type_status(&mut operation, &schemas);
        operation["parameters"].take()
    }

    #[test]
    fn a_state_is_one_of_what_is_listed() {
        let words = json!({"$ref": "#/components/schemas/QuoteStatus"});
        let listed = typed(&json!({"status": words}));
        assert_eq!(listed[1]["schema"], words);
        assert_eq!(listed.as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn what_has_no_state_is_not_asked_for_one() {
        assert_eq!(typed(&json!({"id": {}})), json!([{"name": "limit", "in": "query"}]));
    }

    #[test]
    fn what_is_no_list_keeps_its_parameters() {
        let mut report = json!({"parameters": [{"name": "status", "in": "query"}], "responses": {"200": {}}});
        let before = report.clone();
        type_status(&mut report, &json!({}));
        assert_eq!(report, before);
    }
}
