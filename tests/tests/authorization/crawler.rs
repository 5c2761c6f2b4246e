//! A crawler: people of another department walk every GET operation, with every filter and every id that there is, and search
//! for every customer; no answer may hold a word of a customer who is not theirs. It follows what the documents say can be
//! asked, not what it finds.
use super::{CANARY, ELSEWHERE, Ground, Person, ground};
use crate::walk::{self, Words, service_of};
use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeSet, time::Instant};
use testkit::{Client, Response};

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
        let words = Words::of(&ground.lists, canaries.all.iter().cloned());
        let paths = walk::paths(&ground.lists, &words);
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
