//! What holds of every PATCH (RFC 7396): `null` empties what may be empty and is refused for what may not; what changes nothing
//! makes no version and no news.
use crate::{Client, Yewu};
use serde_json::{Map, Value, json};

/// Empties `optional` of the resource at `path` (`/api/{service}/…/{id}`), all of which it has, fails to empty `required`, and
/// changes nothing by an empty patch, nor by one that says what holds already. The resource is then without `optional`.
pub async fn patches(yewu: &Yewu, client: &Client, path: &str, optional: &[&str], required: &[&str]) -> Value {
    let before: Value = client.get(path).await.ok();
    for field in optional {
        assert!(!before[*field].is_null(), "{path} has no {field} that a PATCH could empty");
    }
    let empty: Map<String, Value> = optional.iter().map(|field| ((*field).to_owned(), Value::Null)).collect();
    let emptied: Value = client.patch(path, &empty).await.ok();
    for field in optional {
        assert!(emptied[*field].is_null(), "PATCH {path}: {field} is still {}", emptied[*field]);
    }
    let parts: Vec<&str> = path.split('/').collect();
    let [_, "api", service, .., id] = parts[..] else { panic!("{path} is no resource of a service") };
    let lines = format!("SELECT count(*) FROM audit_log WHERE entity_id = '{id}'");
    let (tag, told) = (client.get(path).await.etag(), yewu.sql(service, &lines).await);
    for field in required {
        let problem = client.patch(path, json!({*field: null})).await.problem(422, "body.invalid");
        assert_eq!(problem.errors[0].pointer, format!("/{field}"), "PATCH {path}");
    }
    for nothing in [Map::new(), empty] {
        let answer = client.patch(path, &nothing).await;
        assert_eq!((answer.status.as_u16(), answer.etag()), (200, tag.clone()), "PATCH {path} {nothing:?}");
    }
    assert_eq!(client.get(path).await.etag(), tag, "PATCH {path} with nothing in it made a version");
    assert_eq!(yewu.sql(service, &lines).await, told, "PATCH {path} with nothing in it was noted");
    emptied
}
