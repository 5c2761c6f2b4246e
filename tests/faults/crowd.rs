//! Crowds instead of faults: the same key from many sides at once, and many writers on the same rows. Counts what was done
//! and compares it with what was answered.
use super::{
    Cli,
    caller::{Answer, Ask, Caller},
    ground::Ground,
};
use diesel_async::RunQueryDsl;
use futures_util::{StreamExt, stream};
use platform::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::time::Instant;
use uuid::Uuid;

const KEYS: usize = 1_000;
const AT_ONCE: usize = 50;
const WRITERS: usize = 16;
const RESOURCES: usize = 1_000;

/// Both crowds; true when every count is right.
pub(crate) async fn run(cli: &Cli) -> anyhow::Result<bool> {
    let ground = Ground::prepare(cli, None).await?;
    let caller = Caller::new(&ground, Role::Integration)?;
    let keys = keys(&ground, &caller).await?;
    let writers = writers(&ground, &caller).await?;
    Ok(keys && writers)
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// A thousand keys, fifty equal requests each at once: a thousand effects, and one answer a key.
async fn keys(ground: &Ground, caller: &Caller) -> anyhow::Result<bool> {
    let started = Instant::now();
    let one = |number: usize| async move {
        let (word, key) = (Uuid::now_v7().simple().to_string(), format!("crowd-{number}-{}", Uuid::now_v7()));
        let body = json!({"party_type": "org", "name": word, "source": "exhibition", "on_duplicate": "create"});
        let ask =
            || Ask { method: Method::POST, path: "/api/crm/v1/leads", key: Some(&key), tag: None, body: Some(&body) };
        let asks: Vec<Ask<'_>> = (0..AT_ONCE).map(|_| ask()).collect();
        let answers = futures_util::future::join_all(asks.iter().map(|ask| caller.insist(ask))).await;
        let answers: Vec<Answer> = answers.into_iter().flatten().collect();
        let same = answers.windows(2).all(|pair| (pair[0].status, &pair[0].text) == (pair[1].status, &pair[1].text));
        (word, answers.len() == AT_ONCE && same && answers.iter().all(|answer| answer.status == 201))
    };
    let asked: Vec<(String, bool)> = stream::iter(0..KEYS).map(one).buffer_unordered(2).collect().await;
    let mut conn = ground.connect().await?;
    let made: Vec<Named> = diesel::sql_query("SELECT name FROM crm.leads").load(&mut conn).await?;
    let mut times: HashMap<&str, usize> = HashMap::new();
    for lead in &made {
        *times.entry(&lead.name).or_default() += 1;
    }
    let exactly_once = asked.iter().filter(|(word, _)| times.get(word.as_str()) == Some(&1)).count();
    let agreed = asked.iter().filter(|(_, agreed)| *agreed).count();
    println!(
        "{KEYS} keys x {AT_ONCE} requests at once: {exactly_once} done exactly once, {} leads in all; {agreed} keys with {AT_ONCE} equal answers; {:.0} s",
        made.len(),
        started.elapsed().as_secs_f64()
    );
    Ok(exactly_once == KEYS && made.len() == KEYS && agreed == KEYS)
}

/// Sixteen writers, each over all customers in the same order: what was written is what was answered.
async fn writers(ground: &Ground, caller: &Caller) -> anyhow::Result<bool> {
    let started = Instant::now();
    let make = |_| async move {
        let word = Uuid::now_v7().simple().to_string();
        let (path, body) = (format!("/api/crm/v1/accounts/by-ref/crowd/{word}"), json!({"name": word}));
        let ask = Ask { method: Method::PUT, path: &path, key: None, tag: None, body: Some(&body) };
        let made: Value = serde_json::from_str(&caller.insist(&ask).await?.text).ok()?;
        Some(format!("/api/crm/v1/accounts/{}", made["id"].as_str()?))
    };
    let paths: Vec<Option<String>> = stream::iter(0..RESOURCES).map(make).buffer_unordered(8).collect().await;
    let paths: Vec<String> = paths.into_iter().flatten().collect();
    anyhow::ensure!(paths.len() == RESOURCES, "only {} customers could be made", paths.len());
    let writer = |_| async {
        let (mut written, mut stale, mut later) = (0, 0, 0);
        for path in &paths {
            let read = Ask { method: Method::GET, path, key: None, tag: None, body: None };
            let tag = caller.insist(&read).await.and_then(|answer| answer.tag);
            let body = json!({"note": Uuid::now_v7().simple().to_string()});
            let change = Ask { method: Method::PATCH, path, key: None, tag: tag.as_deref(), body: Some(&body) };
            match caller.ask(&change).await.map(|answer| answer.status) {
                Some(200) => written += 1,
                Some(412) => stale += 1,
                Some(429 | 503) => later += 1,
                _ => {}
            }
        }
        (written, stale, later)
    };
    let counts: Vec<(i64, i64, i64)> = futures_util::future::join_all((0..WRITERS).map(writer)).await;
    let (written, stale, later) =
        counts.iter().fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
    let versions = ground.count("SELECT coalesce(sum(version - 1), 0)::bigint AS count FROM crm.accounts").await?;
    let lines =
        ground.count("SELECT count(*) FROM crm.audit_log WHERE entity = 'account' AND action <> 'create'").await?;
    println!(
        "{WRITERS} writers x {RESOURCES} customers: {written} written, {stale} told that they were late, {later} to come back, {versions} versions, {lines} audit lines; {:.0} s",
        started.elapsed().as_secs_f64()
    );
    Ok(written == versions && written == lines && written + stale + later == i64::try_from(WRITERS * RESOURCES)?)
}
