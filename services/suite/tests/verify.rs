//! `yewu verify` on real deals, played over HTTP: nothing is wrong then; and each invariant, broken behind the services' backs
//! in a copy of that database, is found, it and no other.
#[path = "verify/plants.rs"]
mod plants;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::{StreamExt, future::ready, stream};
use plants::{PLANTS, Plant};
use platform::{Language, Settings, auth::keys, migrate::with_database};
use serde_json::{Value, json};
use std::{collections::BTreeSet, net::TcpListener, process::Command, time::Duration};
use suite::{
    demo::{self, Options, Source},
    verify::{self, Report},
};
use testkit::{Yewu, eventually};
use uuid::Uuid;

/// Everything that was told has been published by then.
const NO_GRACE: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_mins(10);

/// The suite at work, with the settings that the program would be given.
async fn running() -> (Yewu, Settings) {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let yewu = Yewu::start(suite::ALL, |settings| settings.http.bind = free.to_string(), true).await;
    let mut settings = yewu.settings.clone();
    let jwks = settings.auth.jwks_file.clone().expect("the tests' keys");
    settings.auth.development_key_file = Some(jwks.with_file_name(keys::PRIVATE_FILE));
    (yewu, settings)
}

/// A deal of each kind, to the end: order first, short of goods, unhappy, contract first.
async fn play(settings: &Settings) {
    let options = Options::new(Source::Sample { cases: 4 }, 4);
    let played = demo::run(settings, &options).await.expect("the stage is set");
    assert!(played.all_satisfied(), "{}", played.json().expect("plain data"));
}

async fn verified(settings: &Settings, grace: Duration) -> Report {
    verify::run(settings, Language::English, grace).await.expect("the database can be read")
}

fn violated(report: &Report) -> Vec<&str> {
    report.invariants.iter().filter(|checked| checked.violations > 0).map(|checked| checked.id).collect()
}

fn violations(report: &Report) -> i64 {
    report.invariants.iter().map(|checked| checked.violations).sum()
}

async fn admin(settings: &Settings, database: &str) -> AsyncPgConnection {
    let url = settings.db.admin_url.as_ref().expect("the tests' administrator").reveal();
    AsyncPgConnection::establish(&with_database(url, database).expect("a URL")).await.expect("a connection")
}

fn database(settings: &Settings) -> &str {
    settings.db.url.rsplit('/').next().expect("a database")
}

/// A copy of a database that nobody uses.
async fn copy(settings: &Settings) -> Settings {
    let (from, to) = (database(settings), format!("test_{}", Uuid::now_v7().simple()));
    let alone = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'");
    let mut conn = admin(settings, "postgres").await;
    for statement in [alone, format!("CREATE DATABASE {to} TEMPLATE {from}")] {
        conn.batch_execute(&statement).await.expect("a copy");
    }
    let mut copied = settings.clone();
    copied.db.url = with_database(&settings.db.url, &to).expect("a URL");
    copied
}

async fn drop_copy(copied: Settings) {
    let statement = format!("DROP DATABASE {} WITH (FORCE)", database(&copied));
    admin(&copied, "postgres").await.batch_execute(&statement).await.expect("dropped");
}

#[test]
fn each_invariant_holds_after_real_deals_and_is_found_when_it_is_broken() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        play(&settings).await;
        change_the_rules(&yewu).await;
        eventually(Duration::from_secs(20), async || {
            let waiting = violated(&verified(&settings, NO_GRACE).await).join(", ");
            if waiting.is_empty() { Ok(()) } else { Err(waiting) }
        })
        .await;
        yewu.node.run_jobs().await.expect("sealed");
        yewu.stop().await;

        let clean = verified(&settings, NO_GRACE).await;
        assert_eq!(clean.violated(), 0, "{}", clean.table(Language::English));
        for checked in &clean.invariants {
            assert!(checked.rows > 0, "{} has looked at nothing", checked.id);
        }
        // Several at a time: most of it is Postgres copying and looking.
        let wrong: Vec<String> = stream::iter(PLANTS)
            .map(async |plant| {
                let copied = copy(&settings).await;
                let found = found(&copied, plant).await;
                drop_copy(copied).await;
                found.err()
            })
            .buffer_unordered(4)
            .filter_map(ready)
            .collect()
            .await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// What a company may change at any time: who approves, how contracts are numbered from today on, who left and came back.
async fn change_the_rules(yewu: &Yewu) {
    let key = "/api/quoting/v1/policies/quoting.quote/versions";
    let step = json!({"name": "sales management", "mode": "any", "roles": ["sales_manager"]});
    let tiers = json!([{"from": {"amount": "0", "included": true}, "to": null, "steps": [step]}]);
    let version = json!({"follows": 1, "tiers": tiers, "cumulative": false, "reason": "a version of our own"});
    yewu.role("finance_director").post(key, version).await.created::<Value>();

    let (ops, rules) = (yewu.role("ops"), "/api/contracts/v1/numbering-rules");
    let all: Vec<Value> = ops.get(rules).await.ok();
    let contract = all.iter().find(|rule| rule["kind"] == "contract").expect("contracts have numbers");
    let rule = json!({"prefix": "HT", "reset": "never", "reason": "the archive wants it so"});
    ops.patch(&format!("{rules}/{}", contract["id"].as_str().expect("an id")), rule).await.ok::<Value>();

    let person = json!({"name": "王芳", "roles": ["auditor"]});
    let path = "/api/crm/v1/users/by-ref/directory/wang";
    let put = async || ops.send(reqwest::Method::PUT, path, &[], Some(&person)).await.json();
    let joined = put().await;
    let id = joined["id"].as_str().expect("an id");
    ops.act(&format!("/api/crm/v1/users/{id}"), "deactivate", json!({})).await.ok::<Value>();
    assert_eq!(put().await["status"], "active");
}

async fn found(copied: &Settings, plant: &Plant) -> Result<(), String> {
    let Plant { violates, statements, example } = plant;
    let mut conn = admin(copied, database(copied)).await;
    conn.batch_execute(statements).await.map_err(|error| format!("{violates}: {error}"))?;
    let report = verified(copied, NO_GRACE).await;
    let told: Vec<&str> = report.invariants.iter().flat_map(|checked| &checked.examples).map(String::as_str).collect();
    let found = violated(&report) == [*violates] && told.iter().any(|told| told.contains(example));
    if found { Ok(()) } else { Err(format!("{violates}, {example:?}: {:?} {told:?}", violated(&report))) }
}

#[test]
fn no_invariant_is_without_a_planted_violation() {
    let known: BTreeSet<&str> = verify::all().map(|invariant| invariant.id).collect();
    let planted: BTreeSet<&str> = PLANTS.iter().map(|plant| plant.violates).collect();
    assert_eq!(known, planted);
}

#[test]
fn a_suite_at_work_gives_no_false_alarm() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let (done, mut is_done) = tokio::sync::watch::channel(false);
        let work = async {
            play(&settings).await;
            play(&settings).await;
            done.send(true).expect("somebody waits for it");
        };
        let watch = async {
            let mut looks = 0;
            while !*is_done.borrow_and_update() {
                let report = verified(&settings, LONG).await;
                assert_eq!(report.violated(), 0, "{}", report.table(Language::English));
                looks += 1;
            }
            looks
        };
        let ((), looks) = tokio::join!(work, watch);
        assert!(looks > 3, "{looks} looks");
        yewu.stop().await;
    });
}

#[test]
fn what_is_on_its_way_is_neither_lost_nor_missed_until_the_grace_is_over() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        play(&settings).await;
        let told = "SELECT count(*) FROM outbox WHERE published_at IS NULL";
        eventually(Duration::from_secs(20), async || {
            let waiting = yewu.sql("orders", told).await;
            if waiting == "0" { Ok(()) } else { Err(waiting) }
        })
        .await;
        yewu.as_owner("orders", "UPDATE outbox SET published_at = now() - interval '5 minutes'").await;
        // Waiting for its turn a delivery is on its way; behind a parked message it is not: a person must help first.
        let delivered = "kind = 'orders.shipment.delivered.v1' AND handler = 'plan-revisit'";
        yewu.as_owner(
            "aftersales",
            &format!("UPDATE inbox SET status = 'waiting' WHERE {delivered}; UPDATE revisits SET shipment_id = id"),
        )
        .await;
        let waiting = verified(&settings, LONG).await;
        assert_eq!(violated(&waiting), ["delivery-has-one-revisit"], "{}", waiting.table(Language::English));
        assert_eq!(violations(&waiting), 4, "revisits of no delivery");
        let parked = format!(
            "INSERT INTO inbox (handler, event_id, arrival, partition_key, kind, status, arrived_at) OVERRIDING SYSTEM VALUE \
            SELECT handler, gen_random_uuid(), -arrival, partition_key, kind, 'parked', arrived_at FROM inbox WHERE {delivered}"
        );
        yewu.as_owner("aftersales", &parked).await;
        let behind = verified(&settings, LONG).await;
        assert_eq!(violated(&behind), ["delivery-has-one-revisit", "no-message-stuck"]);
        assert_eq!(violations(&behind), 12, "each delivery without a revisit, too");
        // As if aftersales had never heard of a delivery: neither the message nor the revisit is there.
        yewu.as_owner("aftersales", &format!("DELETE FROM inbox WHERE {delivered}")).await;
        let early = verified(&settings, LONG).await;
        assert_eq!(
            violated(&early),
            ["delivery-has-one-revisit"],
            "revisits of no delivery: {}",
            early.table(Language::English)
        );
        assert_eq!(violations(&early), 4, "and no delivery without");
        let late = verified(&settings, Duration::from_mins(1)).await;
        assert_eq!(violated(&late), ["delivery-has-one-revisit", "no-event-lost"]);
        assert_eq!(violations(&late), 12);
        yewu.stop().await;
    });
}

#[test]
fn the_program_prints_json_and_fails_when_something_is_wrong() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let verify = |arguments: &[&str]| {
            let password = settings.db.password.as_ref().map_or("", |password| password.reveal());
            let output = Command::new(env!("CARGO_BIN_EXE_yewu"))
                .arg("verify")
                .args(arguments)
                .env("YEWU__DB__URL", &settings.db.url)
                .env("YEWU__DB__PASSWORD", password)
                .env("YEWU__PROFILE", "test")
                .output()
                .expect("the program runs");
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            (output.status.code(), text(&output.stdout), text(&output.stderr))
        };
        let (code, shown, said) = verify(&["--lang", "en"]);
        assert_eq!((code, said.as_str()), (Some(0), ""), "{shown}");
        assert!(shown.ends_with("invariants hold\n"), "{shown}");
        yewu.as_owner("procurement", "INSERT INTO suppliers (id, number, name, status, contact, external_refs, created_at, version) VALUES (gen_random_uuid(), 'SU-X', 'x', 'qualified', '{}', '[]', now(), 1)").await;
        let (code, shown, said) = verify(&["--json", "--lang", "zh_CN.UTF-8"]);
        assert_eq!(code, Some(1));
        assert!(said.contains("项被违反"), "{said}");
        let shown: serde_json::Value = serde_json::from_str(&shown).expect("one object");
        let bad: Vec<_> = shown["invariants"].as_array().unwrap().iter().filter(|row| row["violations"] != 0).collect();
        assert_eq!((bad.len(), &bad[0]["id"]), (1, &serde_json::json!("audit-matches-rows")));
        assert!(bad[0]["examples"][0].as_str().unwrap().contains("procurement.suppliers"), "{}", bad[0]);
        yewu.stop().await;
    });
}
