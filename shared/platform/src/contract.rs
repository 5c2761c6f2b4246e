//! What the OpenAPI document promises of requests, held to in one place: greatest lengths, counts and ranges of every
//! parameter and body field, and no NUL in any text (Postgres keeps none). A bound that is documented is thereby
//! enforced. Shapes and smallest counts are the types' and the domain's business. How a value is looked at is `shape`'s, where
//! a parameter stands `parameters`'.
use crate::{ApiError, Result, auth::grants, parameters::Parameter};
use serde::Deserialize;
use serde_json::{Number, Value};
use std::{collections::HashMap, sync::Arc};

/// `(method, route template)` → operation.
pub type Operations = HashMap<(String, String), Arc<Operation>>;
/// The shapes of a document that have names.
pub(crate) type Schemas = HashMap<String, Bounds>;

/// One operation of the document, as far as requests go.
pub struct Operation {
    /// Who may (`x-permission`).
    pub permission: String,
    /// Nobody's in particular: it is behind a link.
    pub public: bool,
    /// The facts that it may tell (`x-events`).
    events: Vec<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Bounds,
    pub(crate) schemas: Arc<Schemas>,
}

/// A schema without what bounds no request: the documents are megabytes of words and examples, and each process keeps six.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Bounds {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    #[serde(rename = "type")]
    pub kinds: Kinds,
    #[serde(rename = "enum")]
    pub words: Vec<Value>,
    pub format: Option<String>,
    pub all_of: Vec<Self>,
    one_of: Vec<Self>,
    any_of: Vec<Self>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub max_items: Option<u64>,
    pub items: Within,
    pub required: Vec<String>,
    pub properties: HashMap<String, Self>,
    pub additional_properties: Within,
}

impl Bounds {
    /// The shapes of which it may have any.
    pub fn choices(&self) -> &[Self] {
        if self.one_of.is_empty() { &self.any_of } else { &self.one_of }
    }
}

/// `"integer"` or `["integer", "null"]`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Kinds {
    One(String),
    Several(Vec<String>),
}
impl Default for Kinds {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}
impl Kinds {
    pub fn none(&self) -> bool {
        matches!(self, Self::Several(several) if several.is_empty())
    }
    pub fn has(&self, kind: &str) -> bool {
        match self {
            Self::One(one) => one == kind,
            Self::Several(several) => several.iter().any(|one| one == kind),
        }
    }
    pub fn is_null(&self) -> bool {
        matches!(self, Self::One(kind) if kind == "null")
    }
    /// Where no type is said, every value has it.
    pub fn take(&self, value: &Value) -> bool {
        let kinds: &[&str] = match value {
            Value::Null => &["null"],
            Value::Bool(_) => &["boolean"],
            Value::Number(number) if number.is_f64() => &["number"],
            Value::Number(_) => &["integer", "number"],
            Value::String(_) => &["string"],
            Value::Array(_) => &["array"],
            Value::Object(_) => &["object"],
        };
        self.none() || kinds.iter().any(|kind| self.has(kind))
    }
}

/// What is in a list, or has no name in an object: a schema, or whether there may be anything.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Within {
    /// `false`: nothing. That is the shape's business, not the bounds'.
    Anything(bool),
    Bound(Box<Bounds>),
}
impl Default for Within {
    fn default() -> Self {
        Self::Anything(true)
    }
}
impl Within {
    pub fn bounds(&self) -> Option<&Bounds> {
        match self {
            Self::Bound(bounds) => Some(bounds),
            Self::Anything(_) => None,
        }
    }
}

impl Operation {
    /// Nothing for an operation without a permission.
    ///
    /// # Errors
    /// Its schemas are none.
    pub(crate) fn new(operation: &Value, schemas: &Arc<Schemas>) -> serde_json::Result<Option<Arc<Self>>> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let Some(permission) = text(&operation["x-permission"]) else { return Ok(None) };
        let mut parameters = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if let (Some(name), Some(place)) = (text(&parameter["name"]), text(&parameter["in"])) {
                let required = parameter["required"] == true;
                parameters.push(Parameter { name, place, required, schema: bounds(&parameter["schema"])? });
            }
        }
        Ok(Some(Arc::new(Self {
            public: grants::is_public(&permission),
            permission,
            events: operation["x-events"].as_array().into_iter().flatten().filter_map(text).collect(),
            parameters,
            body: bounds(&operation["requestBody"]["content"]["application/json"]["schema"])?,
            schemas: schemas.clone(),
        })))
    }

    /// The body; the error names the fields. Whoever asks decides when it is said.
    pub(crate) fn read(&self, body: &Value) -> Result<()> {
        let faults = self.beyond(&self.body, body, "");
        if faults.is_empty() { Ok(()) } else { Err(ApiError::Fields(faults)) }
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
}

/// What a schema bounds; an absent one nothing.
pub(crate) fn bounds(schema: &Value) -> serde_json::Result<Bounds> {
    if schema.is_null() { Ok(Bounds::default()) } else { Bounds::deserialize(schema) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault;
    use serde_json::json;

    fn at(body: &Value) -> Vec<Fault> {
        let schemas = json!({"Name": {"type": "string", "maxLength": 3}, "Line": {"type": "object", "properties": {
            "name": {"$ref": "#/components/schemas/Name"}, "days": {"type": "integer", "minimum": 0, "maximum": 365}}}});
        let operation = json!({"x-permission": "x", "requestBody": {"content": {"application/json": {"schema": {
            "type": "object", "properties": {
                "note": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Name"}]},
                "rest": {"oneOf": [{"$ref": "#/components/schemas/Name"}, {"$ref": "#/components/schemas/Line"}]},
                "days": {"type": ["integer", "null"], "minimum": 1}, "any": {}, "of": {"allOf": [{"$ref": "#/components/schemas/Line"}]},
                "lines": {"type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Line"}}}}}}}});
        let schemas = Schemas::deserialize(schemas).unwrap();
        let operation = Operation::new(&operation, &Arc::new(schemas)).unwrap().unwrap();
        operation.beyond(&operation.body, body, "")
    }

    #[test]
    fn what_keeps_its_bounds_passes() {
        for body in [
            json!({"note": null, "lines": []}),
            json!({"note": "泵泵泵", "lines": [{"name": "a", "days": 0}, {"days": 365}]}),
            json!({"stranger": "of any length", "note": true}),
            json!({"stranger": null, "days": null, "any": null}),
            json!("not even an object"),
        ] {
            assert!(at(&body).is_empty(), "{body}");
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
            (json!({"lines": null}), "/lines", "is null"),
            (json!({"lines": [{"name": null}]}), "/lines/0/name", "is null"),
            (json!({"rest": null}), "/rest", "is null"),
            (json!({"of": null}), "/of", "is null"),
        ] {
            let found = at(&body);
            let [one] = &found[..] else { panic!("{body}: {found:?}") };
            assert!(one.pointer == pointer && one.message.contains(why), "{body}: {one:?}");
        }
    }
}
