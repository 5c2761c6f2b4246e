//! Path, query and headers of a request: held to the bounds of their document before anything is done, and where the types cannot
//! read them, told of by name, with how to mend it.
use crate::{ApiError, Operation, Result, contract::Bounds, error::Fault};
use actix_web::{HttpRequest, web::Query};
use serde_json::Value;
use wire::Unreadable;

/// A parameter as the document has it.
pub(crate) struct Parameter {
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    pub required: bool,
    pub schema: Bounds,
}

/// A name and its value in the query.
type Pair = (String, String);

impl Parameter {
    fn given<'a>(&self, request: &'a HttpRequest, query: &'a [Pair]) -> Option<&'a str> {
        match self.place.as_str() {
            "path" => request.match_info().get(&self.name),
            "query" => query.iter().find(|(name, _)| *name == self.name).map(|(_, value)| value.as_str()),
            // An `Idempotency-Key` is looked at where it is claimed, with a code of its own.
            "header" if self.name != "Idempotency-Key" => request.headers().get(&self.name)?.to_str().ok(),
            _ => None,
        }
    }
    /// What the text stands for, by the type that the document says.
    fn value(&self, text: &str) -> Value {
        let number = text.parse::<i64>().ok().filter(|_| self.schema.kinds.has("integer")).map(Value::from);
        let truth = text.parse::<bool>().ok().filter(|_| self.schema.kinds.has("boolean")).map(Value::from);
        number.or(truth).unwrap_or_else(|| Value::from(text))
    }
}

impl Operation {
    /// Refuses (400) a path or a query that is not as the document has it, and a header beyond a bound.
    pub(crate) fn admit(&self, request: &HttpRequest) -> Result<()> {
        for (place, query) in [("path", Vec::new()), ("query", pairs(request))] {
            if let Some(fault) = self.faults_in(place, request, &query).first() {
                return Err(refused(place, fault));
            }
        }
        for header in self.parameters.iter().filter(|parameter| parameter.place == "header") {
            let value = header.given(request, &[]).map(Value::from);
            let beyond = value.map(|value| self.beyond(&header.schema, &value, &header.name)).unwrap_or_default();
            if let Some(fault) = beyond.first() {
                return Err(refused("header", fault));
            }
        }
        Ok(())
    }

    /// What the document says of the parameters in one place, each by its name.
    fn faults_in(&self, place: &str, request: &HttpRequest, query: &[Pair]) -> Vec<Fault> {
        let known: Vec<&Parameter> = self.parameters.iter().filter(|parameter| parameter.place == place).collect();
        let mut faults = Vec::new();
        for parameter in &known {
            match parameter.given(request, query) {
                Some(text) => faults.extend(self.unlike(&parameter.schema, &parameter.value(text), &parameter.name)),
                None if parameter.required => faults.push(Fault::new(&parameter.name, "is required", "必填")),
                None => {}
            }
        }
        if place == "query" {
            let names: Vec<&str> = known.iter().map(|parameter| parameter.name.as_str()).collect();
            faults.extend(strangers(query, &names));
        }
        faults
    }
}

/// Names that the query has and the document has not, or that it has twice.
fn strangers(query: &[Pair], known: &[&str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, (name, _)) in query.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            let (english, chinese) = match known {
                [] => (
                    "is no parameter of this, which takes none".to_owned(),
                    "不是此处的参数，此处不接受参数".to_owned(),
                ),
                _ => (
                    format!("is no parameter of this; it takes {}", known.join(", ")),
                    format!("不是此处的参数，可用参数：{}", known.join("、")),
                ),
            };
            faults.push(Fault::new(name, english, chinese));
        } else if query[..place].iter().any(|(before, _)| before == name) {
            faults.push(Fault::new(name, "is there twice; say it once", "重复出现，请只填写一次"));
        }
    }
    faults
}

/// The refusal (400) of a path or query that the operation's types could not read, in their own words (`told`): what the document
/// knows of was refused before.
pub(crate) fn unread(place: &str, told: &str) -> ApiError {
    let told = told.split_once("deserialize error: ").map_or(told, |(_, rest)| rest);
    let why = Unreadable::read(told).unwrap_or_else(|| Unreadable::new(told, format!("请求参数有误：{told}")));
    ApiError::Request { status: 400, code: code(place), message: why.english, chinese: why.chinese }
}

fn refused(place: &str, fault: &Fault) -> ApiError {
    let Fault { pointer, message, chinese } = fault;
    ApiError::Request {
        status: 400,
        code: code(place),
        message: format!("{pointer}: {message}"),
        chinese: format!("参数 {pointer} 有误：{chinese}"),
    }
}

fn code(place: &str) -> &'static str {
    match place {
        "path" => "path.invalid",
        "query" => "query.invalid",
        _ => "header.invalid",
    }
}

fn pairs(request: &HttpRequest) -> Vec<Pair> {
    Query::<Vec<Pair>>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use serde_json::json;
    use std::sync::Arc;

    fn told(query: &str) -> Vec<(String, String, String)> {
        let of = |name: &str, schema: Value, required: bool| json!({"name": name, "in": "query", "schema": schema, "required": required});
        let operation = json!({"x-permission": "x", "parameters": [
            of("limit", json!({"type": ["integer", "null"], "minimum": 1, "maximum": 200}), false),
            of("after", json!({"type": ["string", "null"], "format": "uuid"}), false),
            of("open", json!({"type": "boolean"}), false),
            of("period", json!({"type": "string", "format": "period"}), true)]});
        let operation = Operation::new(&operation, &Arc::default()).unwrap().unwrap();
        let request = TestRequest::with_uri(&format!("/x?{query}")).to_http_request();
        let faults = operation.faults_in("query", &request, &pairs(&request)).into_iter();
        faults.map(|fault| (fault.pointer, fault.message, fault.chinese)).collect()
    }

    #[test]
    fn what_the_document_takes_has_no_fault() {
        assert_eq!(told("limit=200&open=true&period=2026-Q3&after=01932c5e-7b1a-7c3d-9e4f-0123456789ab"), []);
    }

    #[test]
    fn the_parameter_is_named_and_how_to_mend_it() {
        for (query, name, english, chinese) in [
            ("limit=5", "period", "is required", "必填"),
            ("limit=ten&period=2026", "limit", "must be a whole number", "应为整数"),
            ("limit=201&period=2026", "limit", "is more than 200", "大于 200"),
            ("open=yes&period=2026", "open", "must be true or false", "应为 true 或 false"),
            ("after=7&period=2026", "after", "must be a UUID", "应为 UUID"),
            (
                "period=2026-Q5",
                "period",
                "expected a year, quarter or month such as 2026, 2026-Q3 or 2026-03, not \"2026-Q5\"",
                "应为年、季度或月，如 2026、2026-Q3 或 2026-03，而不是“2026-Q5”",
            ),
            ("period=2026&period=2027", "period", "is there twice; say it once", "重复出现，请只填写一次"),
            (
                "page=2&period=2026",
                "page",
                "is no parameter of this; it takes limit, after, open, period",
                "不是此处的参数，可用参数：limit、after、open、period",
            ),
        ] {
            assert_eq!(told(query), [(name.to_owned(), english.to_owned(), chinese.to_owned())], "{query}");
        }
    }

    #[test]
    fn where_the_document_knows_nothing_the_types_speak() {
        let said = Unreadable::new("no", "不").to_string();
        let ApiError::Request { message, chinese, code, .. } =
            unread("query", &format!("Query deserialize error: {said}"))
        else {
            panic!()
        };
        assert_eq!((message.as_str(), chinese.as_str(), code), ("no", "不", "query.invalid"));
    }
}
