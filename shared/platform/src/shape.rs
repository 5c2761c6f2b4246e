//! A value looked at by its schema in the OpenAPI document. Of every body its bounds, and two shapes that the types let pass: a list in
//! the place of an object, and `null` for what may not be empty. Of a body that the types have refused everything at once: what is
//! missing, unknown, of another type, none of the words, so that a form of five wrong fields is mended in one turn. The latter
//! refuses nothing: it finds the words for a refusal, and where it finds none, the types' own stand.
use crate::{
    Operation,
    contract::{Bounds, Within},
    error::Fault,
};
use serde_json::{Map, Number, Value};
use std::{str::FromStr, sync::LazyLock};
use uuid::Uuid;
use wire::Unreadable;

/// More than this many say no more to anybody.
const MOST: usize = 50;

/// Names of JSON's types: in the document, in English, in Chinese.
const KINDS: [(&str, &str, &str); 6] = [
    ("string", "a text", "文本"),
    ("integer", "a whole number", "整数"),
    ("number", "a number", "数字"),
    ("boolean", "true or false", " true 或 false"),
    ("array", "a list", "列表"),
    ("object", "an object", "对象"),
];

/// No bound but that of every text.
static ANYTHING: LazyLock<Bounds> = LazyLock::new(Bounds::default);

/// How much is asked of a value.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Bounds,
    Whole,
}

impl Operation {
    /// Where a value is beyond its bounds; `at` is its name or pointer.
    pub(crate) fn beyond(&self, schema: &Bounds, value: &Value, at: &str) -> Vec<Fault> {
        self.look(Depth::Bounds, schema, value, at)
    }

    /// Every fault of a value; empty where only the types know better.
    pub(crate) fn unlike(&self, schema: &Bounds, value: &Value, at: &str) -> Vec<Fault> {
        self.look(Depth::Whole, schema, value, at)
    }

    /// The same of the body.
    pub(crate) fn faults(&self, body: &Value) -> Vec<Fault> {
        self.unlike(&self.body, body, "")
    }

    fn look(&self, depth: Depth, schema: &Bounds, value: &Value, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.walk(depth, schema, value, at, &mut faults);
        // A text is looked at by each of the schemas that it has.
        faults.dedup();
        faults.truncate(MOST);
        faults
    }

    fn walk(&self, depth: Depth, schema: &Bounds, value: &Value, at: &str, out: &mut Vec<Fault>) {
        if let Some(named) = self.named(schema) {
            return self.walk(depth, named, value, at, out);
        }
        if value.is_null() {
            if !self.takes_null(schema) {
                out.push(Fault::new(at, "is null, and takes a value", "不能为 null，须给出值"));
            }
            return;
        }
        for part in &schema.all_of {
            self.walk(depth, part, value, at, out);
        }
        self.choices(depth, schema, value, at, out);
        match value {
            // Serde would take its entries for the fields, in their order.
            Value::Array(_) if schema.kinds.has("object") && !schema.kinds.has("array") => {
                out.push(Fault::new(at, "is a list, not an object", "是列表，应为对象"));
            }
            _ if depth == Depth::Whole && !schema.kinds.take(value) => out.extend(wrong_kind(schema, at)),
            _ if depth == Depth::Whole && !schema.words.is_empty() && !schema.words.contains(value) => {
                out.push(no_word(schema, at));
            }
            Value::Object(fields) => self.fields(depth, schema, fields, at, out),
            Value::Array(items) => self.items(depth, schema, items, at, out),
            Value::String(text) => {
                let shape = || if depth == Depth::Whole { shape_of_text(schema, text, at) } else { None };
                out.extend(text_fault(schema, text, at).or_else(shape));
            }
            Value::Number(number) => out.extend(number.as_f64().and_then(|number| range_fault(schema, number, at))),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn fields(&self, depth: Depth, schema: &Bounds, fields: &Map<String, Value>, at: &str, out: &mut Vec<Fault>) {
        if depth == Depth::Whole {
            let missing = schema.required.iter().filter(|name| !fields.contains_key(*name));
            out.extend(missing.map(|name| Fault::new(below(at, name), "is required", "必填")));
        }
        for (name, value) in fields {
            let at = below(at, name);
            match (schema.properties.get(name), &schema.additional_properties) {
                (Some(known), _) => self.walk(depth, known, value, &at, out),
                (None, Within::Bound(each)) => self.walk(depth, each, value, &at, out),
                (None, Within::Anything(false)) if depth == Depth::Whole => {
                    out.push(Fault::new(at, "is no field of this", "不是此处的字段"));
                }
                (None, Within::Anything(_)) => self.walk(depth, &ANYTHING, value, &at, out),
            }
        }
    }

    fn items(&self, depth: Depth, schema: &Bounds, items: &[Value], at: &str, out: &mut Vec<Fault>) {
        let count = items.len();
        if let Some(most) = schema.max_items.filter(|most| count as u64 > *most) {
            let english = format!("has {count} entries; at most {most} are taken");
            return out.push(Fault::new(at, english, format!("有 {count} 项，最多 {most} 项")));
        }
        let each = schema.items.bounds().unwrap_or(&ANYTHING);
        for (item, n) in items.iter().zip(0..) {
            self.walk(depth, each, item, &format!("{at}/{n}"), out);
        }
    }

    /// None of the shapes that it may have takes it: what is wrong by the one that comes nearest.
    fn choices(&self, depth: Depth, schema: &Bounds, value: &Value, at: &str, out: &mut Vec<Fault>) {
        let mut nearest: Option<Vec<Fault>> = None;
        for choice in schema.choices().iter().filter(|choice| !choice.kinds.is_null()) {
            let faults = self.look(depth, choice, value, at);
            if faults.is_empty() {
                return;
            }
            if nearest.as_ref().is_none_or(|before| faults.len() <= before.len()) {
                nearest = Some(faults);
            }
        }
        out.extend(nearest.into_iter().flatten());
    }

    /// The schema that this one only refers to.
    fn named(&self, schema: &Bounds) -> Option<&Bounds> {
        self.schemas.get(schema.reference.as_deref()?.rsplit('/').next()?)
    }

    /// May there be nothing? Where no type is said, there may.
    fn takes_null(&self, schema: &Bounds) -> bool {
        if let Some(named) = self.named(schema) {
            return self.takes_null(named);
        }
        let choices = schema.choices();
        (schema.kinds.none() || schema.kinds.has("null"))
            && (choices.is_empty() || choices.iter().any(|choice| self.takes_null(choice)))
            && schema.all_of.iter().all(|part| self.takes_null(part))
    }
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// `null` is looked at before.
fn wrong_kind(schema: &Bounds, at: &str) -> Option<Fault> {
    let (_, english, chinese) = KINDS.iter().find(|(kind, ..)| schema.kinds.has(kind))?;
    Some(Fault::new(at, format!("must be {english}"), format!("应为{chinese}")))
}

fn no_word(schema: &Bounds, at: &str) -> Fault {
    let words = |between: &str| {
        let words = schema.words.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned));
        words.collect::<Vec<_>>().join(between)
    };
    Fault::new(at, format!("must be one of {}", words(", ")), format!("只能是 {} 之一", words("、")))
}

fn text_fault(schema: &Bounds, text: &str, at: &str) -> Option<Fault> {
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

/// Blank, or in none of the formats that the document names, as the types read them.
fn shape_of_text(schema: &Bounds, text: &str, at: &str) -> Option<Fault> {
    let reads = |is_read: bool, english: &str, chinese: &str| (!is_read).then(|| Fault::new(at, english, chinese));
    let value = || Value::from(text);
    if text.trim().is_empty() && schema.min_length.is_some_and(|least| least > 0) {
        return Some(Fault::new(at, "must not be blank", "不能为空"));
    }
    match schema.format.as_deref()? {
        "currency" => unreadable::<wire::Currency>(text, at),
        "period" => unreadable::<wire::kpi::Period>(text, at),
        "kpi-subject" => unreadable::<wire::kpi::KpiSubject>(text, at),
        "uuid" => reads(Uuid::parse_str(text).is_ok(), "must be a UUID", "应为 UUID"),
        "date" => {
            let known = serde_json::from_value::<wire::Day>(value()).is_ok();
            reads(known, "must be a day like 2026-11-30", "应为日期，如 2026-11-30")
        }
        "date-time" => {
            let known = serde_json::from_value::<wire::Moment>(value()).is_ok();
            reads(known, "must be a moment like 2026-11-30T08:00:00Z", "应为时间，如 2026-11-30T08:00:00Z")
        }
        "phone" => unreadable::<wire::Phone>(text, at),
        "email" => unreadable::<wire::EmailAddress>(text, at),
        _ => None,
    }
}

/// What the type says that the format stands for.
fn unreadable<T: FromStr<Err = Unreadable>>(text: &str, at: &str) -> Option<Fault> {
    let why = text.parse::<T>().err()?;
    Some(Fault::new(at, why.english, why.chinese))
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
            [("/name".to_owned(), "is null, and takes a value".to_owned())]
        );
        assert_eq!(faults(&json!([])), [(String::new(), "is a list, not an object".to_owned())]);
        assert_eq!(faults(&json!(7)), [(String::new(), "must be an object".to_owned())]);
    }
}
