//! What the OpenAPI document promises of requests, held to in one place: greatest lengths, counts and ranges of every
//! parameter and body field, and no NUL in any text (Postgres keeps none). A bound that is documented is thereby
//! enforced. Shapes and smallest counts are the types' and the domain's business: they say better what is missing. (But
//! for one shape that the types let pass: a list in the place of an object.)
use crate::{ApiError, Result};
use actix_web::HttpRequest;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};

/// `(method, route template)` → operation.
pub type Operations = HashMap<(String, String), Arc<Operation>>;

/// One operation of the document, as far as requests go.
pub struct Operation {
    /// Who may (`x-permission`).
    pub permission: String,
    /// The facts that it may tell (`x-events`).
    events: Vec<String>,
    parameters: Vec<Parameter>,
    body: Value,
    schemas: Arc<Value>,
}

struct Parameter {
    name: String,
    place: String,
    schema: Value,
}

/// Where a value breaks its schema, and how.
type Fault = (String, String);

impl Operation {
    pub(crate) fn new(operation: &Value, schemas: &Arc<Value>) -> Option<Arc<Self>> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let parameters = operation["parameters"].as_array().into_iter().flatten().filter_map(|parameter| {
            let (name, place) = (text(&parameter["name"])?, text(&parameter["in"])?);
            Some(Parameter { name, place, schema: parameter["schema"].clone() })
        });
        Some(Arc::new(Self {
            permission: text(&operation["x-permission"])?,
            events: operation["x-events"].as_array().into_iter().flatten().filter_map(text).collect(),
            parameters: parameters.collect(),
            body: operation["requestBody"]["content"]["application/json"]["schema"].clone(),
            schemas: schemas.clone(),
        }))
    }

    /// Path, query and headers. (An `Idempotency-Key` is looked at where it is claimed, with a code of its own.)
    pub(crate) fn admit(&self, request: &HttpRequest) -> Result<()> {
        let query = actix_web::web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let query = query.map(actix_web::web::Query::into_inner).unwrap_or_default();
        for Parameter { name, place, schema } in &self.parameters {
            let (code, given) = match place.as_str() {
                "path" => ("path.invalid", request.match_info().get(name)),
                "query" => {
                    ("query.invalid", query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()))
                }
                "header" if name != "Idempotency-Key" => {
                    ("header.invalid", request.headers().get(name).and_then(|value| value.to_str().ok()))
                }
                _ => continue,
            };
            let number = |text: &str| text.parse::<i64>().ok().filter(|_| schema["type"] == "integer");
            let value = given.map(|text| number(text).map_or_else(|| Value::from(text), Value::from));
            if let Some((_, why)) = value.and_then(|value| self.fault(schema, &value, name)) {
                return Err(ApiError::Request {
                    status: 400,
                    code,
                    message: format!("{name}: {why}"),
                    chinese: format!("参数 {name} 有误：{why}"),
                });
            }
        }
        Ok(())
    }

    /// The body; the error names the field. Whoever asks decides when it is said.
    pub(crate) fn read(&self, body: &Value) -> Result<()> {
        match self.fault(&self.body, body, "") {
            Some((pointer, why)) => Err(ApiError::field(pointer, why)),
            None => Ok(()),
        }
    }

    /// A fact that the document does not name is a mistake of ours, and no reason to refuse what was asked.
    pub(crate) fn heard(&self, told: &[String]) {
        for fact in told.iter().filter(|fact| !self.events.contains(fact)) {
            tracing::error!(
                fact = fact.as_str(),
                permission = self.permission.as_str(),
                "tells a fact that openapi/facts.txt does not name"
            );
        }
    }

    fn fault(&self, schema: &Value, value: &Value, at: &str) -> Option<Fault> {
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            return self.fault(&self.schemas[name], value, at);
        }
        let mut parts = schema["allOf"].as_array().into_iter().flatten();
        let part = parts.find_map(|part| self.fault(part, value, at));
        part.or_else(|| self.no_choice(schema, value, at)).or_else(|| match value {
            Value::String(text) => text_fault(schema, text).map(|why| (at.to_owned(), why)),
            Value::Number(number) => range_fault(schema, number.as_f64()?).map(|why| (at.to_owned(), why)),
            // Serde would take its entries for the fields, in their order.
            Value::Array(_) if schema["type"] == "object" => {
                Some((at.to_owned(), "is a list, not an object".to_owned()))
            }
            Value::Array(items) => self.items_fault(schema, items, at),
            Value::Object(fields) => fields.iter().find_map(|(name, value)| {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                let known = schema["properties"].get(name).unwrap_or(&schema["additionalProperties"]);
                self.fault(known, value, &at)
            }),
            Value::Null | Value::Bool(_) => None,
        })
    }

    /// None of the shapes that it may have takes it: what is wrong by the last of them (the first is often `null`).
    fn no_choice(&self, schema: &Value, value: &Value, at: &str) -> Option<Fault> {
        let choices = ["oneOf", "anyOf"].iter().find_map(|word| schema[*word].as_array())?;
        let choices = choices.iter().filter(|choice| choice["type"] != "null");
        let mut faults = choices.map(|choice| self.fault(choice, value, at)).collect::<Vec<_>>();
        if faults.iter().any(Option::is_none) { None } else { faults.pop().flatten() }
    }

    fn items_fault(&self, schema: &Value, items: &[Value], at: &str) -> Option<Fault> {
        match schema["maxItems"].as_u64() {
            Some(most) if items.len() as u64 > most => {
                Some((at.to_owned(), format!("has {} entries; at most {most} are taken", items.len())))
            }
            _ => items.iter().zip(0..).find_map(|(item, n)| self.fault(&schema["items"], item, &format!("{at}/{n}"))),
        }
    }
}

fn text_fault(schema: &Value, text: &str) -> Option<String> {
    if text.contains('\0') {
        return Some("holds a NUL character".to_owned());
    }
    let most = schema["maxLength"].as_u64()?;
    let characters = text.chars().count() as u64;
    (characters > most).then(|| format!("has {characters} characters; at most {most} are kept"))
}

fn range_fault(schema: &Value, number: f64) -> Option<String> {
    let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
    if least.is_some_and(|least| number < least) {
        return Some(format!("is less than {}", schema["minimum"]));
    }
    most.is_some_and(|most| number > most).then(|| format!("is more than {}", schema["maximum"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(body: &Value) -> Option<Fault> {
        let schemas = json!({"Name": {"type": "string", "maxLength": 3}, "Line": {"type": "object", "properties": {
            "name": {"$ref": "#/components/schemas/Name"}, "days": {"type": "integer", "minimum": 0, "maximum": 365}}}});
        let operation = json!({"x-permission": "x", "requestBody": {"content": {"application/json": {"schema": {
            "type": "object", "properties": {
                "note": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Name"}]},
                "lines": {"type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Line"}}}}}}}});
        let operation = Operation::new(&operation, &Arc::new(schemas)).unwrap();
        operation.fault(&operation.body, body, "")
    }

    #[test]
    fn what_keeps_its_bounds_passes() {
        for body in [
            json!({"note": null, "lines": []}),
            json!({"note": "泵泵泵", "lines": [{"name": "a", "days": 0}, {"days": 365}]}),
            json!({"stranger": "of any length", "note": true}),
            json!("not even an object"),
        ] {
            assert_eq!(at(&body), None, "{body}");
        }
    }

    #[test]
    fn what_breaks_a_bound_is_named() {
        for (body, pointer, why) in [
            (json!({"note": "four"}), "/note", "4 characters; at most 3"),
            (json!({"note": "a\0"}), "/note", "NUL"),
            (json!({"lines": [{}, {}, {}]}), "/lines", "3 entries; at most 2"),
            (json!({"lines": [{"days": 366}]}), "/lines/0/days", "more than 365"),
            (json!({"lines": [{"days": 1e300}]}), "/lines/0/days", "more than 365"),
            (json!({"lines": [{}, [3]]}), "/lines/1", "a list, not an object"),
            (json!([null]), "", "a list, not an object"),
            (json!({"lines": [{}, {"days": -1}]}), "/lines/1/days", "less than 0"),
            (json!({"lines": [{"a/b": "\0"}]}), "/lines/0/a~1b", "NUL"),
        ] {
            let (found, said) = at(&body).unwrap_or_else(|| panic!("{body} passes"));
            assert!(found == pointer && said.contains(why), "{body}: {found}: {said}");
        }
    }
}
