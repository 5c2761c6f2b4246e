//! The request body: JSON of at most 1 MiB, within its documented bounds, unknown fields refused, the wrong field named
//! by its RFC 6901 pointer.
//! Named `Json` because the OpenAPI generator recognises request bodies by that word.
use crate::{ApiError, gate::Passed};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, error::PayloadError, web::Bytes};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Segment, Track};
use std::fmt::Write;
use wire::Unreadable;

/// Largest body, bytes.
pub const MOST_BYTES: usize = 1024 * 1024;

/// A parsed body.
pub struct Json<T>(pub T);

/// What of the body is beyond its documented bounds. A rule of the domain that minds may say so first, in its own words; `Cx`
/// refuses what none has minded.
pub(crate) struct Beyond(pub ApiError);

/// The body with its keys sorted: white space and key order make no other request of it.
pub(crate) struct Canonical(pub String);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = Bytes::from_request(&request, payload);
        Box::pin(async move {
            if !request.content_type().is_empty() && !request.content_type().ends_with("json") {
                return Err(wrong_type());
            }
            let bytes = bytes.await.map_err(|error| match error.as_error::<PayloadError>() {
                Some(PayloadError::Overflow) => too_large(),
                _ => broken_off(),
            })?;
            let value: Value = serde_json::from_slice(&bytes).map_err(|error| malformed(&error))?;
            let mut canonical = String::new();
            sort(&value, &mut canonical);
            request.extensions_mut().insert(Canonical(canonical));
            let beyond = request.extensions().get::<Passed>().and_then(|passed| passed.operation.read(&value).err());
            if let Some(beyond) = beyond {
                request.extensions_mut().insert(Beyond(beyond));
            }
            parse(&value).map(Self).map_err(|unreadable| {
                let extensions = request.extensions();
                let faults =
                    extensions.get::<Passed>().map(|passed| passed.operation.faults(&value)).unwrap_or_default();
                if faults.is_empty() { unreadable } else { ApiError::Fields(faults) }
            })
        })
    }
}

/// Into the operation's type; the error names the field.
pub fn parse<T: DeserializeOwned>(value: &Value) -> Result<T, ApiError> {
    let mut track = Track::new();
    let deserializer = serde_path_to_error::Deserializer::new(value, &mut track);
    T::deserialize(deserializer).map_err(|error| {
        let (at, said) = (pointer(track.path().iter()), error.to_string());
        // Serde tells of the object that a field is missing in.
        match said.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
            Some((field, _)) => ApiError::field(format!("{at}/{field}"), "is required", "必填"),
            None => ApiError::unreadable(at, Unreadable::read(&said).unwrap_or_else(|| serdes_own(&said))),
        }
    })
}

/// How serde begins, and what that means.
const SERDES_OWN: [(&str, &str); 5] = [
    ("unknown field", "含有此处没有的字段"),
    ("unknown variant", "不是可用的取值"),
    ("invalid type", "类型不符"),
    ("duplicate field", "字段重复"),
    ("data did not match any variant", "不符合任何可用的形式"),
];

/// Of what the document has no words for.
fn serdes_own(said: &str) -> Unreadable {
    let known = SERDES_OWN.iter().find(|(start, _)| said.starts_with(start));
    let chinese = known.map_or("无法读取", |(_, chinese)| chinese);
    Unreadable::new(said, format!("{chinese}（{said}）"))
}

fn pointer<'a>(path: impl Iterator<Item = &'a Segment>) -> String {
    let mut text = String::new();
    for segment in path {
        let _ = match segment {
            Segment::Seq { index } => write!(text, "/{index}"),
            Segment::Map { key } => write!(text, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => write!(text, "/{variant}"),
            Segment::Unknown => Ok(()),
        };
    }
    text
}

fn sort(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in keys {
                let _ = write!(out, "{}:", Value::from(key.as_str()));
                sort(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                sort(item, out);
                out.push(',');
            }
            out.push(']');
        }
        plain => {
            let _ = write!(out, "{plain}");
        }
    }
}

fn request(status: u16, code: &'static str, message: impl Into<String>, chinese: impl Into<String>) -> ApiError {
    ApiError::Request { status, code, message: message.into(), chinese: chinese.into() }
}
fn wrong_type() -> ApiError {
    request(415, "body.media_type", "send the body as application/json", "请以 application/json 发送请求体")
}
fn too_large() -> ApiError {
    request(413, "body.too_large", "the body is larger than 1 MiB", "请求体超过 1 MiB")
}
fn broken_off() -> ApiError {
    request(400, "body.broken_off", "the body ended early", "请求体不完整")
}
fn malformed(error: &serde_json::Error) -> ApiError {
    let chinese = format!("请求体不是有效的 JSON：第 {} 行第 {} 列有误", error.line(), error.column());
    request(400, "body.malformed", format!("the body is no JSON: {error}"), chinese)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Cup {
        leaves: Vec<Leaf>,
    }
    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Leaf {
        size: wire::Quantity,
    }

    #[test]
    fn the_error_points_at_the_field() {
        let at = |value| match parse::<Cup>(&value) {
            Err(ApiError::Fields(mut faults)) => faults.remove(0).pointer,
            other => panic!("{other:?}"),
        };
        assert_eq!(at(json!({"leaves": [{"size": "1"}, {"size": 1}]})), "/leaves/1/size");
        assert_eq!(at(json!({"leaves": [{"size": "1", "a/b": 1}]})), "/leaves/0/a~1b");
        assert_eq!(at(json!({"sugar": 1, "leaves": []})), "/sugar");
        assert_eq!(at(json!({"leaves": [{"size": "1"}, {}]})), "/leaves/1/size");
    }

    #[test]
    fn it_is_told_in_both_languages() {
        let told = |value| match parse::<Cup>(&value) {
            Err(ApiError::Fields(mut faults)) => faults.remove(0),
            other => panic!("{other:?}"),
        };
        let negative = told(json!({"leaves": [{"size": "-1"}]}));
        assert!(negative.message.starts_with("expected a quantity as a string"), "{negative:?}");
        assert!(negative.chinese.starts_with("应为文本形式的数量"), "{negative:?}");
        let number = told(json!({"leaves": 7}));
        assert_eq!(number.chinese, format!("类型不符（{}）", number.message));
    }

    #[test]
    fn order_and_white_space_do_not_matter() {
        let (mut one, mut two) = (String::new(), String::new());
        sort(&serde_json::from_str(r#"{"b": [1, {"y":2,"x":3}], "a": "é"}"#).unwrap(), &mut one);
        sort(&serde_json::from_str(r#"{"a":"é","b":[1,{"x":3,"y":2}]}"#).unwrap(), &mut two);
        assert_eq!(one, two);
    }
}
