//! Small work beside the deals, made to be counted: several write one customer at once, the same request comes three times
//! under one key, some requests must be refused. Every word written is unmistakable, so that afterwards the audit log says
//! how often each was done: acknowledged once, refused never, unanswered once or never.
use super::{
    caller::{Answer, Ask, Caller},
    ground::Ground,
};
use anyhow::{Context, ensure};
use diesel_async::RunQueryDsl;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet, time::sleep};
use uuid::Uuid;

const LEADS: &str = "/api/crm/v1/leads";
const CUSTOMERS: usize = 2;
const WRITERS: usize = 3;

/// What became of one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Acknowledged,
    Refused,
    Unanswered,
}

/// Everything that was tried.
#[derive(Default)]
pub(crate) struct History {
    fates: Mutex<HashMap<String, Fate>>,
    wrong: Mutex<Vec<String>>,
}

impl History {
    fn told(&self, word: &str, fate: Fate) {
        self.fates.lock().unwrap_or_else(PoisonError::into_inner).insert(word.to_owned(), fate);
    }
    fn complain(&self, what: String) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }
    /// How many words were tried.
    pub(crate) fn len(&self) -> usize {
        self.fates.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// Skirmishes until told to stop; then everything begun is finished.
pub(crate) async fn fight(
    integration: &Caller,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<(Arc<History>, JoinSet<()>)> {
    let (history, mut fighters) = (Arc::new(History::default()), JoinSet::new());
    for _ in 0..CUSTOMERS {
        let word = Uuid::now_v7().simple().to_string();
        let path = format!("/api/crm/v1/accounts/by-ref/faults/{word}");
        let body = json!({"name": word});
        let ask = Ask { method: Method::PUT, path: &path, key: None, tag: None, body: Some(&body) };
        let known = integration.insist(&ask).await.context("no answer about a customer to fight over")?;
        ensure!(known.is_success(), "no customer to fight over: {known:?}");
        let id: Value = serde_json::from_str(&known.text)?;
        let path = format!("/api/crm/v1/accounts/{}", id["id"].as_str().unwrap_or_default());
        for _ in 0..WRITERS {
            fighters.spawn(write(integration.clone(), path.clone(), history.clone(), stop.clone()));
        }
    }
    fighters.spawn(repeat(integration.clone(), history.clone(), stop.clone()));
    fighters.spawn(offend(integration.clone(), history.clone(), stop));
    Ok((history, fighters))
}

/// Reads and writes one customer, like somebody with a form open. No key: an unanswered change stays unanswered.
async fn write(caller: Caller, path: String, history: Arc<History>, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        sleep(Duration::from_millis(100)).await;
        let read = Ask { method: Method::GET, path: &path, key: None, tag: None, body: None };
        let Some(tag) = caller.ask(&read).await.filter(Answer::is_success).and_then(|answer| answer.tag) else {
            continue;
        };
        let word = Uuid::now_v7().simple().to_string();
        let body = json!({"note": word});
        let change = Ask { method: Method::PATCH, path: &path, key: None, tag: Some(&tag), body: Some(&body) };
        let fate = match caller.ask(&change).await {
            Some(answer) if answer.is_success() => {
                let next = |tag: &str| tag.trim_matches('"').parse::<i32>().ok().map(|version| version + 1);
                let now = answer.tag.as_deref().and_then(|tag| tag.trim_matches('"').parse().ok());
                if now != next(&tag) {
                    history.complain(format!("{path}: written as {tag}, answered as {now:?}: an update was lost"));
                }
                Fate::Acknowledged
            }
            Some(answer) if answer.status < 500 => Fate::Refused,
            // A server that says it failed may have failed after COMMIT.
            _ => Fate::Unanswered,
        };
        history.told(&word, fate);
    }
}

fn lead(word: &str) -> Value {
    json!({"party_type": "org", "name": word, "source": "exhibition", "contact_phone": null, "need": word, "on_duplicate": "create"})
}

/// The same request three times at once under one key: one effect, one answer.
async fn repeat(caller: Caller, history: Arc<History>, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        sleep(Duration::from_millis(150)).await;
        let (word, key) = (Uuid::now_v7().simple().to_string(), Uuid::now_v7().to_string());
        let body = lead(&word);
        let ask = || Ask { method: Method::POST, path: LEADS, key: Some(&key), tag: None, body: Some(&body) };
        let (first, second, third) = (ask(), ask(), ask());
        let answers = tokio::join!(caller.insist(&first), caller.insist(&second), caller.insist(&third));
        let answers: Vec<Answer> = [answers.0, answers.1, answers.2].into_iter().flatten().collect();
        let fate = match answers.as_slice().first() {
            None => Fate::Unanswered,
            Some(answer) if answer.is_success() => Fate::Acknowledged,
            Some(answer) => {
                history.complain(format!("a plain lead was refused: {} {}", answer.status, answer.text));
                Fate::Refused
            }
        };
        if answers.windows(2).any(|pair| (pair[0].status, &pair[0].text) != (pair[1].status, &pair[1].text)) {
            history.complain(format!("key {key}: different answers: {answers:?}"));
        }
        // The key with another body is no repetition.
        if fate == Fate::Acknowledged {
            let other_word = Uuid::now_v7().simple().to_string();
            let other = lead(&other_word);
            let reuse = Ask { method: Method::POST, path: LEADS, key: Some(&key), tag: None, body: Some(&other) };
            match caller.insist(&reuse).await {
                Some(answer) if answer.status != 422 => history
                    .complain(format!("key {key} with another body: {} {} instead of 422", answer.status, answer.text)),
                _ => history.told(&other_word, Fate::Refused),
            }
        }
        history.told(&word, fate);
    }
}

/// Requests that must be refused, and leave nothing.
async fn offend(caller: Caller, history: Arc<History>, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        sleep(Duration::from_millis(400)).await;
        let (word, key) = (Uuid::now_v7().simple().to_string(), Uuid::now_v7().to_string());
        let mut body = lead(&word);
        body["source"] = json!("no-such-source");
        let ask = Ask { method: Method::POST, path: LEADS, key: Some(&key), tag: None, body: Some(&body) };
        match caller.insist(&ask).await {
            Some(answer) if answer.is_success() => history.complain(format!("{body} was taken: {}", answer.text)),
            Some(_) => history.told(&word, Fate::Refused),
            None => history.told(&word, Fate::Unanswered),
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Written {
    #[diesel(sql_type = diesel::sql_types::Text)]
    changes: String,
}

/// What does not agree with what is there: one line each.
pub(crate) async fn judge(ground: &Ground, history: &History) -> anyhow::Result<Vec<String>> {
    let mut conn = ground.connect().await?;
    // Only lines about what is written here; the deals' own have other words.
    let query =
        "SELECT changes FROM crm.audit_log WHERE entity IN ('lead', 'account') AND action IN ('create', 'update')";
    let written: Vec<Written> = diesel::sql_query(query).load(&mut conn).await?;
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for line in &written {
        // A word stands in a change of its own: as the new note of a customer, or as the need of a new lead.
        let mut words: Vec<&str> = line.changes.split('"').filter(|word| is_word(word)).collect();
        // In a change of a note the last word is the new one, the others were there before.
        if line.changes.contains("\"note\"") {
            words.drain(..words.len().saturating_sub(1));
        }
        words.sort_unstable();
        words.dedup();
        for word in words {
            *seen.entry(word).or_default() += 1;
        }
    }
    let mut wrong = std::mem::take(&mut *history.wrong.lock().unwrap_or_else(PoisonError::into_inner));
    for (word, fate) in history.fates.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        let times = seen.get(word.as_str()).copied().unwrap_or(0);
        let right = match fate {
            Fate::Acknowledged => times == 1,
            Fate::Refused => times == 0,
            Fate::Unanswered => times <= 1,
        };
        if !right {
            wrong.push(format!("{word}: {fate:?}, and done {times} times"));
        }
    }
    Ok(wrong)
}

fn is_word(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
