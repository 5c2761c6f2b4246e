//! Everything that is wrong with the shape of a body at once, by the OpenAPI document: what is missing, unknown, of another type,
//! none of the words. A form of five wrong fields is mended in one turn. It refuses nothing: it only finds the words for what
//! the types have refused already (`json`), and where it finds none, theirs stand.
use crate::{
    Operation,
    contract::{Bounds, Within, text_fault},
    error::Fault,
};
use serde_json::Value;
use uuid::Uuid;

/// More than this many say no more to anybody.
const MOST: usize = 50;

/// Names of JSON's types: in the document, in English, in Chinese.
const KINDS: [(&str, &str, &str); 6] = [
    ("string", "a text", "文本"),
    ("integer", "a whole number", "整数"),
    ("number", "a number", "数字"),
    ("boolean", "true or false", "true 或 false"),
    ("array", "a list", "列表"),
    ("object", "an object", "对象"),
];

impl Operation {
    /// Every fault of the body, in the order of its fields; empty where only the types know better.
    pub(crate) fn faults(&self, body: &Value) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.shape(&self.body, body, "", &mut faults);
        faults.truncate(MOST);
        faults
    }

    fn shape(&self, schema: &Bounds, value: &Value, at: &str, out: &mut Vec<Fault>) {
        if let Some(named) = self.named(schema) {
            return self.shape(named, value, at, out);
        }
        for part in &schema.all_of {
            self.shape(part, value, at, out);
        }
        self.choices(schema, value, at, out);
        if !schema.kinds.take(value) {
            return out.push(wrong_kind(schema, value, at));
        }
        if !schema.words.is_empty() && !schema.words.contains(value) && !value.is_null() {
            let words = |between: &str| schema.words.iter().map(plain).collect::<Vec<_>>().join(between);
            return out.push(Fault::new(
                at,
                format!("must be one of {}", words(", ")),
                format!("只能是 {} 之一", words("、")),
            ));
        }
        match value {
            Value::Object(fields) => self.fields(schema, fields, at, out),
            Value::Array(items) => {
                let Some(each) = schema.items.bounds() else { return };
                for (item, n) in items.iter().zip(0..) {
                    self.shape(each, item, &format!("{at}/{n}"), out);
                }
            }
            Value::String(text) => out.extend(text_fault(schema, text, at).or_else(|| format_fault(schema, text, at))),
            _ => {}
        }
    }

    fn fields(&self, schema: &Bounds, fields: &serde_json::Map<String, Value>, at: &str, out: &mut Vec<Fault>) {
        for name in schema.required.iter().filter(|name| !fields.contains_key(*name)) {
            out.push(Fault::new(below(at, name), "is required", "必填"));
        }
        for (name, value) in fields {
            match (schema.properties.get(name), &schema.additional_properties) {
                (Some(known), _) => self.shape(known, value, &below(at, name), out),
                (None, Within::Bound(each)) => self.shape(each, value, &below(at, name), out),
                (None, Within::Anything(false)) => {
                    out.push(Fault::new(below(at, name), "is no field of this", "不是此处的字段"));
                }
                (None, Within::Anything(true)) => {}
            }
        }
    }

    /// By the choice that comes nearest.
    fn choices(&self, schema: &Bounds, value: &Value, at: &str, out: &mut Vec<Fault>) {
        let choices = if schema.one_of.is_empty() { &schema.any_of } else { &schema.one_of };
        let tried = choices.iter().map(|choice| {
            let mut faults = Vec::new();
            self.shape(choice, value, at, &mut faults);
            (choice.kinds.is_null(), faults)
        });
        let tried: Vec<_> = tried.collect();
        if tried.iter().any(|(_, faults)| faults.is_empty()) {
            return;
        }
        let nearest = tried.into_iter().filter(|(null, _)| !null).map(|(_, faults)| faults).min_by_key(Vec::len);
        out.extend(nearest.into_iter().flatten());
    }
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn plain(word: &Value) -> String {
    word.as_str().map_or_else(|| word.to_string(), str::to_owned)
}

fn wrong_kind(schema: &Bounds, value: &Value, at: &str) -> Fault {
    let kind = KINDS.iter().find(|(kind, ..)| schema.kinds.has(kind));
    match kind {
        Some((_, english, chinese)) => {
            let (was, is) = if value.is_null() { (", not null", "，不能为 null") } else { ("", "") };
            Fault::new(at, format!("must be {english}{was}"), format!("应为{chinese}{is}"))
        }
        None => Fault::new(at, "must be null", "只能为 null"),
    }
}

/// The formats that the document names, as the types read them.
fn format_fault(schema: &Bounds, text: &str, at: &str) -> Option<Fault> {
    let reads = |is_read: bool, english: &str, chinese: &str| (!is_read).then(|| Fault::new(at, english, chinese));
    let value = || Value::from(text);
    if text.trim().is_empty() && schema.min_length.is_some_and(|least| least > 0) {
        return Some(Fault::new(at, "must not be blank", "不能为空"));
    }
    match schema.format.as_deref()? {
        "uuid" => reads(Uuid::parse_str(text).is_ok(), "must be a UUID", "应为 UUID"),
        "date" => {
            let known = serde_json::from_value::<wire::Day>(value()).is_ok();
            reads(known, "must be a day like 2026-11-30", "应为日期，如 2026-11-30")
        }
        "date-time" => {
            let known = serde_json::from_value::<wire::Moment>(value()).is_ok();
            reads(known, "must be a moment like 2026-11-30T08:00:00Z", "应为时间，如 2026-11-30T08:00:00Z")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Schemas;
    use serde::Deserialize;
    use serde_json::json;
    use std::sync::Arc;

    fn faults(body: &Value) -> Vec<(String, String)> {
        let schemas = json!({
            "Name": {"type": "string", "minLength": 1, "maxLength": 3},
            "Kind": {"type": "string", "enum": ["org", "person"]},
            "Line": {"type": "object", "additionalProperties": false, "required": ["sku", "days"], "properties": {
                "sku": {"$ref": "#/components/schemas/Name"}, "days": {"type": "integer"}, "on": {"type": ["string", "null"], "format": "date"}}}});
        let operation = json!({"x-permission": "x", "requestBody": {"content": {"application/json": {"schema": {
            "type": "object", "additionalProperties": false, "required": ["kind", "name"], "properties": {
                "kind": {"$ref": "#/components/schemas/Kind"},
                "name": {"$ref": "#/components/schemas/Name"},
                "of": {"type": ["string", "null"], "format": "uuid"},
                "note": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Name"}]},
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}}}}}}});
        let schemas = Schemas::deserialize(schemas).unwrap();
        let operation = Operation::new(&operation, &Arc::new(schemas)).unwrap().unwrap();
        operation.faults(body).into_iter().map(|fault| (fault.pointer, fault.message)).collect()
    }

    #[test]
    fn what_the_document_takes_has_no_fault() {
        let whole = json!({"kind": "org", "name": "泵泵泵", "of": null, "note": null, "lines": [{"sku": "a", "days": 1, "on": "2026-11-30"}]});
        assert_eq!(faults(&whole), []);
    }

    #[test]
    fn all_faults_are_told_at_once_each_at_its_place() {
        let body = json!({"kind": "firm", "of": "7", "note": "four", "extra": 1, "lines": [{"sku": " ", "on": "tomorrow"}, {"sku": "a", "days": "1"}]});
        let mut told = faults(&body);
        told.sort();
        let told: Vec<(&str, &str)> = told.iter().map(|(at, why)| (at.as_str(), why.as_str())).collect();
        assert_eq!(
            told,
            [
                ("/extra", "is no field of this"),
                ("/kind", "must be one of org, person"),
                ("/lines/0/days", "is required"),
                ("/lines/0/on", "must be a day like 2026-11-30"),
                ("/lines/0/sku", "must not be blank"),
                ("/lines/1/days", "must be a whole number"),
                ("/name", "is required"),
                ("/note", "has 4 characters; at most 3 are kept"),
                ("/of", "must be a UUID"),
            ]
        );
    }

    #[test]
    fn null_is_refused_where_the_document_has_none() {
        assert_eq!(
            faults(&json!({"kind": "org", "name": null})),
            [("/name".to_owned(), "must be a text, not null".to_owned())]
        );
        assert_eq!(faults(&json!([])), [(String::new(), "must be an object".to_owned())]);
    }
}
