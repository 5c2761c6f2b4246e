//! Every question that the documents say can be asked: each GET operation with each filter and with ids that there are. It
//! follows the documents and what the lists show, and judges no answer.
use crate::spec::{MERGED, operations, resolve};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};
use testkit::{Client, Response};
use uuid::Uuid;

/// Path of a list → the first rows of it.
pub type Lists = BTreeMap<&'static str, Vec<Value>>;

/// All lists, as this client sees them.
pub async fn lists(client: &Client) -> Lists {
    let mut lists = Lists::new();
    for path in list_paths() {
        lists.insert(path, items(&first_rows(client, path, PAGE).await.text));
    }
    lists
}

/// Values to try for a query parameter or a part of a path, by its kind.
pub struct Words {
    ids: Vec<String>,
    texts: Vec<String>,
}

impl Words {
    /// `texts` are tried where a text is wanted.
    pub fn of(lists: &Lists, texts: impl Iterator<Item = String>) -> Self {
        let mut ids = BTreeSet::new();
        for rows in lists.values() {
            for row in rows.iter().take(8) {
                let fields = row.as_object().into_iter().flatten();
                let fields = fields.filter(|(name, _)| *name == "id" || name.ends_with("_id"));
                let values = fields.filter_map(|(_, value)| value.as_str());
                ids.extend(values.filter(|id| id.parse::<Uuid>().is_ok()).map(str::to_owned));
            }
        }
        Self { ids: ids.into_iter().collect(), texts: texts.collect() }
    }
    /// A few of each kind: the whole product would take hours and find nothing more.
    fn for_parameter(&self, lists: &Lists, service: &str, parameter: &Value) -> Vec<String> {
        let schema = resolve(&parameter["schema"], &MERGED);
        let name = parameter["name"].as_str().unwrap_or("");
        if let Some(words) = schema["enum"].as_array() {
            return words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        match (schema["format"].as_str(), schema["type"].as_str(), name) {
            (_, _, "limit" | "after" | "before") => vec![],
            (_, _, "period") => vec!["2026".into()],
            (Some("uuid"), ..) => {
                let rows = lists.iter().filter(|(path, _)| service_of(path) == service).flat_map(|(_, rows)| rows);
                let values: BTreeSet<&str> = rows.filter_map(|row| row[name].as_str()).collect();
                let values: Vec<String> = values.into_iter().take(6).map(str::to_owned).collect();
                if values.is_empty() { self.ids.iter().take(6).cloned().collect() } else { values }
            }
            (_, Some("boolean"), _) => vec!["true".into(), "false".into()],
            (_, Some("integer"), _) => vec!["2026".into()],
            _ => self.texts.iter().take(6).cloned().chain(["open".into(), "customer".into()]).collect(),
        }
    }
}

/// Every path to ask, with whatever was put into it.
pub fn paths(lists: &Lists, words: &Words) -> Vec<(String, Vec<String>)> {
    let mut paths = Vec::new();
    for (template, _, operation) in operations().filter(|(_, method, _)| *method == "get") {
        let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
        let mut bare = vec![(template.to_owned(), Vec::new())];
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "path") {
            let name = format!("{{{}}}", parameter["name"].as_str().unwrap_or(""));
            let values = in_path(lists, words, template, &name);
            bare = bare
                .into_iter()
                .flat_map(|(path, put): (String, Vec<String>)| {
                    let with =
                        |value: &String| (path.replacen(&name, value, 1), [put.clone(), vec![value.clone()]].concat());
                    values.iter().map(with).collect::<Vec<_>>()
                })
                .collect();
        }
        for (path, put) in bare {
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                let name = parameter["name"].as_str().unwrap_or("");
                for value in words.for_parameter(lists, service_of(template), parameter) {
                    paths.push((format!("{path}?{name}={}", encoded(&value)), [put.clone(), vec![value]].concat()));
                }
            }
            paths.push((path, put));
        }
    }
    paths
}

/// What may stand in a path: the ids of the list before it, or, where there is no such list, every id.
fn in_path(lists: &Lists, words: &Words, template: &str, name: &str) -> Vec<String> {
    let list = template.split(&format!("/{name}")).next().unwrap_or("");
    match (name, lists.get(list)) {
        ("{year}", _) => vec!["2026".into()],
        ("{version}" | "{from}" | "{to}", _) => vec!["1".into()],
        ("{id}" | "{case_id}" | "{supplier_id}" | "{product_id}", Some(rows)) => {
            let key = name.trim_matches(['{', '}']);
            let of = |row: &Value| row[key].as_str().or_else(|| row["id"].as_str()).map(str::to_owned);
            let most = if key == "case_id" { rows.len() } else { 6 };
            rows.iter().filter_map(of).take(most).collect()
        }
        (_, Some(rows)) => rows.iter().filter_map(|row| row["key"].as_str().map(str::to_owned)).take(4).collect(),
        ("{id}" | "{case_id}", None) => words.ids.iter().take(40).cloned().collect(),
        _ => vec!["default".into()],
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let plain = byte.is_ascii_alphanumeric();
        let _ = if plain { write!(out, "{}", char::from(byte)) } else { write!(out, "%{byte:02X}") };
        out
    })
}

/// The paths of all lists: what is read without naming anything.
pub fn list_paths() -> impl Iterator<Item = &'static str> {
    let operations = operations();
    let lists = operations.filter(|(path, method, operation)| {
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        let names = parameters.any(|parameter| parameter["required"] == true);
        *method == "get" && !path.contains('{') && !names
    });
    lists.map(|(path, ..)| path)
}

/// The first rows of a list, or all of them where it has no pages.
pub async fn first_rows(client: &Client, path: &str, limit: usize) -> Response {
    let page = client.get(&format!("{path}?limit={limit}")).await;
    if page.status == 400 { client.get(path).await } else { page }
}

/// The longest page.
pub const PAGE: usize = 200;

pub fn items(text: &str) -> Vec<Value> {
    let body: Value = serde_json::from_str(text).unwrap_or_default();
    let items = body.get("items").unwrap_or(&body);
    items.as_array().cloned().unwrap_or_default()
}

/// The service of a path.
pub fn service_of(path: &str) -> &str {
    path.split('/').nth(2).unwrap_or("")
}
