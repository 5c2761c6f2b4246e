//! A crawler: people of another department walk every GET operation, with every filter and every id that there is, and search
//! for every customer; no answer may hold a word of a customer who is not theirs. It follows what the documents say can be
//! asked, not what it finds.
use super::{CANARY, ELSEWHERE, Ground, Person, ground, service_of};
use crate::spec::{MERGED, operations, resolve};
use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Write, time::Instant};
use testkit::{Client, Response};
use uuid::Uuid;

/// Roles that see what is theirs, their team's or their department's, and no more.
const ROLES: [&str; 3] = ["sales_rep", "sales_manager", "department_head"];

/// Words that only those may read whose department `sales` is.
struct Canaries {
    /// Customers, people, telephone numbers.
    who: BTreeSet<String>,
    /// The same, and the ids of the customers and the numbers of their documents.
    all: BTreeSet<String>,
}

impl Canaries {
    async fn of(ground: &Ground) -> Self {
        let mut who = BTreeSet::from([CANARY.to_owned()]);
        for columns in
            ["name, phone FROM accounts", "name, contact_name, contact_phone FROM leads", "name, phone FROM contacts"]
        {
            let (columns, table) = columns.split_once(" FROM ").unwrap_or_default();
            let query =
                format!("SELECT string_agg(concat_ws('|', {columns}), '|') FROM {table} WHERE department_id = 'sales'");
            who.extend(ground.yewu.sql("crm", &query).await.split('|').map(str::to_owned));
        }
        let who: BTreeSet<String> = who.into_iter().filter(|word| word.chars().count() >= 3).collect();
        let mut all = who.clone();
        let ids = "SELECT string_agg(id::text, '|') FROM accounts WHERE department_id = 'sales'";
        all.extend(ground.yewu.sql("crm", ids).await.split('|').map(str::to_owned));
        for (path, rows) in &ground.lists {
            for row in rows {
                let owned = row["id"].as_str().and_then(|id| ground.owners.of(service_of(path), id));
                let number = row["number"].as_str().filter(|number| number.len() > 6);
                all.extend(
                    number.filter(|_| owned.is_some_and(|row| row.owner.department == "sales")).map(str::to_owned),
                );
            }
        }
        // The first number of a kind is the example that its rule shows to everybody.
        let rules = ground.lists.iter().filter(|(path, _)| path.ends_with("/numbering-rules"));
        for example in rules.flat_map(|(_, rules)| rules).filter_map(|rule| rule["example"].as_str()) {
            all.remove(example);
        }
        Self { who, all }
    }
}

/// Values to try for a query parameter or a part of a path, by its kind.
struct Words {
    ids: Vec<String>,
    texts: Vec<String>,
}

impl Words {
    fn of(ground: &Ground, canaries: &Canaries) -> Self {
        let mut ids = BTreeSet::new();
        for rows in ground.lists.values() {
            for row in rows.iter().take(8) {
                let fields = row.as_object().into_iter().flatten();
                let fields = fields.filter(|(name, _)| *name == "id" || name.ends_with("_id"));
                let values = fields.filter_map(|(_, value)| value.as_str());
                ids.extend(values.filter(|id| id.parse::<Uuid>().is_ok()).map(str::to_owned));
            }
        }
        Self { ids: ids.into_iter().collect(), texts: canaries.all.iter().cloned().collect() }
    }
    /// A few of each kind: the whole product would take hours and find nothing more.
    fn for_parameter(&self, ground: &Ground, service: &str, parameter: &Value) -> Vec<String> {
        let schema = resolve(&parameter["schema"], &MERGED);
        let name = parameter["name"].as_str().unwrap_or("");
        if let Some(words) = schema["enum"].as_array() {
            return words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        match (schema["format"].as_str(), schema["type"].as_str(), name) {
            (_, _, "limit" | "after" | "before") => vec![],
            (Some("uuid"), ..) => {
                let rows =
                    ground.lists.iter().filter(|(path, _)| service_of(path) == service).flat_map(|(_, rows)| rows);
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
fn paths(ground: &Ground, words: &Words) -> Vec<(String, Vec<String>)> {
    let mut paths = Vec::new();
    for (template, _, operation) in operations().filter(|(_, method, _)| *method == "get") {
        let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
        let mut bare = vec![(template.to_owned(), Vec::new())];
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "path") {
            let name = format!("{{{}}}", parameter["name"].as_str().unwrap_or(""));
            let values = in_path(ground, words, template, &name);
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
                for value in words.for_parameter(ground, service_of(template), parameter) {
                    paths.push((format!("{path}?{name}={}", encoded(&value)), [put.clone(), vec![value]].concat()));
                }
            }
            paths.push((path, put));
        }
    }
    paths
}

/// What may stand in a path: the ids of the list before it, or, where there is no such list, every id.
fn in_path(ground: &Ground, words: &Words, template: &str, name: &str) -> Vec<String> {
    let list = template.split(&format!("/{name}")).next().unwrap_or("");
    match (name, ground.lists.get(list)) {
        ("{year}", _) => vec!["2026".into()],
        ("{version}", _) => vec!["1".into()],
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

/// What an answer tells of strangers' customers, apart from what the asker put in.
fn leaks(answer: &Response, canaries: &BTreeSet<String>, put: &[String]) -> Vec<String> {
    let told = canaries.iter().filter(|word| answer.text.contains(*word));
    told.filter(|word| !put.iter().any(|mine| mine.contains(*word))).cloned().collect()
}

/// Who is known already, by each name and each number: that somebody is, and which document, but not who.
async fn searched(client: &Client, canaries: &Canaries) -> (usize, Vec<String>) {
    let (mut asked, mut told) = (0, Vec::new());
    for word in &canaries.who {
        for (name, phone) in [(word.as_str(), None), ("Nobody GmbH", Some(word))] {
            let wanted = json!({"name": name, "phone": phone});
            let answer = client.send(Method::POST, "/api/crm/v1/leads/match", &[], Some(&wanted)).await;
            assert_eq!(answer.status, 200, "{wanted}: {}", answer.text);
            asked += 1;
            let words = leaks(&answer, &canaries.who, std::slice::from_ref(word));
            told.extend((!words.is_empty()).then(|| format!("a match for {wanted}: {words:?}")));
        }
    }
    (asked, told)
}

#[test]
fn a_crawler_of_another_department_finds_no_word_of_a_customer() {
    testkit::alone(async || {
        let ground = ground().await;
        let begun = Instant::now();
        let canaries = Canaries::of(ground).await;
        let words = Words::of(ground, &canaries);
        let paths = paths(ground, &words);
        assert!(canaries.who.len() > 15 && paths.len() > 500, "{:?}, {} paths", canaries.who, paths.len());
        let elsewhere = Person::of("crawler", ELSEWHERE, ELSEWHERE);
        // What it owns itself it sees: one that sees nothing at all would prove nothing.
        let own = elsewhere.client(&ground.yewu, "sales_rep").get("/api/crm/v1/leads").await;
        assert!(own.text.contains("Crawler & Co"), "{}", own.text);

        let mut leaking = BTreeSet::new();
        let (mut asked, mut answered) = (0, 0);
        for role in ROLES {
            let client = elsewhere.client(&ground.yewu, role);
            let (client, canaries) = (&client, &canaries);
            let answers = stream::iter(&paths)
                .map(|(path, put)| async move {
                    let answer = client.get(path).await;
                    (path, answer.status.as_u16(), leaks(&answer, &canaries.all, put))
                })
                .buffer_unordered(8);
            let found: Vec<_> = answers.collect().await;
            for (path, status, words) in found {
                assert!(status < 500, "{role}: {path}: {status}");
                asked += 1;
                answered += usize::from(status == 200);
                leaking.extend((!words.is_empty()).then(|| format!("{role}: {path}: {words:?}")));
            }
            // A head of department asks nobody whom they know.
            if role != "department_head" {
                let (searches, told) = searched(client, canaries).await;
                asked += searches;
                leaking.extend(told.into_iter().map(|what| format!("{role}: {what}")));
            }
        }
        println!(
            "crawler: {} canaries, {} roles, {asked} requests, {answered} lists and documents read, {} leaks, {:.1?}",
            canaries.all.len(),
            ROLES.len(),
            leaking.len(),
            begun.elapsed()
        );
        assert!(leaking.is_empty(), "{} leaks:\n{}", leaking.len(), leaking.into_iter().collect::<Vec<_>>().join("\n"));
        assert!(answered > 200, "{answered} of {asked} were 200: the crawler saw nothing");
        // The same crawler with the right department does find them: it is not blind.
        let inside = Person::of("sales_rep-1", "sales", "sales").client(&ground.yewu, "sales_rep");
        let seen = inside.get("/api/crm/v1/leads?limit=200").await;
        assert!(!leaks(&seen, &canaries.all, &[]).is_empty(), "nobody finds anything");
        assert!(!searched(&inside, &canaries).await.1.is_empty(), "no search finds anybody");
    });
}
