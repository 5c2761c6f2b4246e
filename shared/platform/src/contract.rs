//! What the OpenAPI document promises of requests, held to in one place: greatest lengths, counts and ranges of every
//! parameter and body field, and no NUL in any text (Postgres keeps none). A bound that is documented is thereby
//! enforced. Shapes and smallest counts are the types' and the domain's business: they say better what is missing. (But
//! for two shapes that the types let pass: a list in the place of an object, and `null` for what may not be empty.)
use crate::{ApiError, Result, auth::grants, error::Fault};
use actix_web::HttpRequest;
use serde::Deserialize;
use serde_json::{Number, Value};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

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
    parameters: Vec<Parameter>,
    pub(crate) body: Bounds,
    schemas: Arc<Schemas>,
}

struct Parameter {
    name: String,
    place: String,
    schema: Bounds,
}

/// A schema without what bounds no request: the documents are megabytes of words and examples, and each process keeps six.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Bounds {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(rename = "type")]
    pub kinds: Kinds,
    #[serde(rename = "enum")]
    pub words: Vec<Value>,
    pub format: Option<String>,
    pub all_of: Vec<Self>,
    pub one_of: Vec<Self>,
    pub any_of: Vec<Self>,
    pub min_length: Option<u64>,
    max_length: Option<u64>,
    minimum: Option<Number>,
    maximum: Option<Number>,
    max_items: Option<u64>,
    pub items: Within,
    pub required: Vec<String>,
    pub properties: HashMap<String, Self>,
    pub additional_properties: Within,
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
                parameters.push(Parameter { name, place, schema: bounds(&parameter["schema"])? });
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
            let number = |text: &str| text.parse::<i64>().ok().filter(|_| schema.kinds.has("integer"));
            let value = given.map(|text| number(text).map_or_else(|| Value::from(text), Value::from));
            if let Some(fault) = value.and_then(|value| self.fault(schema, &value, name)) {
                return Err(ApiError::Request {
                    status: 400,
                    code,
                    message: format!("{name}: {}", fault.message),
                    chinese: format!("参数 {name} 有误：{}", fault.chinese),
                });
            }
        }
        Ok(())
    }

    /// The body; the error names the field. Whoever asks decides when it is said.
    pub(crate) fn read(&self, body: &Value) -> Result<()> {
        match self.fault(&self.body, body, "") {
            Some(fault) => Err(ApiError::Fields(vec![fault])),
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

    /// The schema that this one only refers to.
    pub(crate) fn named(&self, schema: &Bounds) -> Option<&Bounds> {
        self.schemas.get(schema.reference.as_deref()?.rsplit('/').next()?)
    }

    fn fault(&self, schema: &Bounds, value: &Value, at: &str) -> Option<Fault> {
        if let Some(named) = self.named(schema) {
            return self.fault(named, value, at);
        }
        if value.is_null() {
            let empty = "is null: leave it out to have it stay as it is, or give it a value";
            let chinese = "不能为 null：不改请省略该字段，否则请给出值";
            return (!self.takes_null(schema)).then(|| Fault::new(at, empty, chinese));
        }
        let part = schema.all_of.iter().find_map(|part| self.fault(part, value, at));
        part.or_else(|| self.no_choice(schema, value, at)).or_else(|| match value {
            Value::String(text) => text_fault(schema, text, at),
            Value::Number(number) => range_fault(schema, number.as_f64()?, at),
            // Serde would take its entries for the fields, in their order.
            Value::Array(_) if schema.kinds.has("object") && !schema.kinds.has("array") => {
                Some(Fault::new(at, "is a list, not an object", "是列表，应为对象"))
            }
            Value::Array(items) => self.items_fault(schema, items, at),
            Value::Object(fields) => fields.iter().find_map(|(name, value)| {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                let known = schema.properties.get(name).or_else(|| schema.additional_properties.bounds());
                self.fault(known.unwrap_or(&ANYTHING), value, &at)
            }),
            Value::Null | Value::Bool(_) => None,
        })
    }

    /// May there be nothing? Where no type is said, there may.
    fn takes_null(&self, schema: &Bounds) -> bool {
        if let Some(name) = schema.reference.as_deref().and_then(|reference| reference.rsplit('/').next()) {
            return self.schemas.get(name).is_none_or(|schema| self.takes_null(schema));
        }
        let choices = if schema.one_of.is_empty() { &schema.any_of } else { &schema.one_of };
        (schema.kinds.none() || schema.kinds.has("null"))
            && (choices.is_empty() || choices.iter().any(|choice| self.takes_null(choice)))
            && schema.all_of.iter().all(|part| self.takes_null(part))
    }

    /// None of the shapes that it may have takes it: what is wrong by the last of them (the first is often `null`).
    fn no_choice(&self, schema: &Bounds, value: &Value, at: &str) -> Option<Fault> {
        let choices = if schema.one_of.is_empty() { &schema.any_of } else { &schema.one_of };
        let choices = choices.iter().filter(|choice| !choice.kinds.is_null());
        let mut last = None;
        for choice in choices {
            // One that finds no fault is enough.
            last = Some(self.fault(choice, value, at)?);
        }
        last
    }

    fn items_fault(&self, schema: &Bounds, items: &[Value], at: &str) -> Option<Fault> {
        match schema.max_items {
            Some(most) if items.len() as u64 > most => {
                let entries = items.len();
                let english = format!("has {entries} entries; at most {most} are taken");
                Some(Fault::new(at, english, format!("有 {entries} 项，最多 {most} 项")))
            }
            _ => {
                let each = schema.items.bounds().unwrap_or(&ANYTHING);
                items.iter().zip(0..).find_map(|(item, n)| self.fault(each, item, &format!("{at}/{n}")))
            }
        }
    }
}

/// No bound but that of every text.
static ANYTHING: LazyLock<Bounds> = LazyLock::new(Bounds::default);

/// What a schema bounds; an absent one nothing.
pub(crate) fn bounds(schema: &Value) -> serde_json::Result<Bounds> {
    if schema.is_null() { Ok(Bounds::default()) } else { Bounds::deserialize(schema) }
}

pub(crate) fn text_fault(schema: &Bounds, text: &str, at: &str) -> Option<Fault> {
    if text.contains('\0') {
        return Some(Fault::new(at, "holds a NUL character", "含有 NUL 字符"));
    }
    let most = schema.max_length?;
    let characters = text.chars().count() as u64;
    let english = || format!("has {characters} characters; at most {most} are kept");
    (characters > most).then(|| Fault::new(at, english(), format!("有 {characters} 个字符，最多保留 {most} 个")))
}

fn range_fault(schema: &Bounds, number: f64, at: &str) -> Option<Fault> {
    let beyond = |bound: &Option<Number>, is_beyond: fn(f64, f64) -> bool| {
        bound
            .as_ref()
            .filter(|bound| bound.as_f64().is_some_and(|bound| is_beyond(number, bound)))
            .map(Number::to_string)
    };
    let less = beyond(&schema.minimum, |number, least| number < least);
    let less = less.map(|least| Fault::new(at, format!("is less than {least}"), format!("小于 {least}")));
    less.or_else(|| {
        let more = beyond(&schema.maximum, |number, most| number > most);
        more.map(|most| Fault::new(at, format!("is more than {most}"), format!("大于 {most}")))
    })
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
                "rest": {"oneOf": [{"$ref": "#/components/schemas/Name"}, {"$ref": "#/components/schemas/Line"}]},
                "days": {"type": ["integer", "null"], "minimum": 1}, "any": {}, "of": {"allOf": [{"$ref": "#/components/schemas/Line"}]},
                "lines": {"type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Line"}}}}}}}});
        let schemas = Schemas::deserialize(schemas).unwrap();
        let operation = Operation::new(&operation, &Arc::new(schemas)).unwrap().unwrap();
        operation.fault(&operation.body, body, "")
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
            assert!(at(&body).is_none(), "{body}");
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
            let found = at(&body).unwrap_or_else(|| panic!("{body} passes"));
            assert!(found.pointer == pointer && found.message.contains(why), "{body}: {found:?}");
        }
    }
}
