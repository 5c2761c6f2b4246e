//! The receiving kernel, proved on a toy service: once, in order, waiting, parked, and what a person can do about it.
//! (It borrows the name of a real service, because roles and grants go by name; its tables are its own.)
#[path = "kernel/attachments.rs"]
mod attachments;
#[path = "kernel/change_feed.rs"]
mod change_feed;
#[path = "kernel/measures.rs"]
mod measures;
#[path = "kernel/replays.rs"]
mod replays;
#[path = "kernel/retention.rs"]
mod retention;
#[path = "kernel/together.rs"]
mod together;
#[path = "kernel/tokens.rs"]
mod tokens;
#[path = "kernel/upgrade.rs"]
mod upgrade;

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use platform::{
    ApiError, Result, Service, Subscriptions, Tx,
    bus::{Arrival, Receiver, Settled},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    CaseId, CloudEvent, Event,
    crm::{AccountCreated, AccountSnapshot},
};

const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("tests/kernel/migrations");
const SERVICES: &[Service] = &[Service {
    name: "aftersales",
    about: "cups of tea",
    migrations: || MIGRATIONS,
    routes: |_| {},
    consumers: |on: &mut Subscriptions| {
        on.on("fill-a-cup", fill_a_cup);
        on.replicate::<AccountCreated, AccountSnapshot>("keep-account");
    },
    approvals: |_| {},
    jobs: |_| {},
    handovers: |_| {},
    events: &[],
    machines: &[],
    words: &[],
    codes: &[],
}];

/// What the handler is to do with it stands in `note`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct Poured {
    note: String,
    #[serde(default)]
    account: Option<Uuid>,
}
impl Event for Poured {
    const TYPE: &'static str = "kitchen.pot.poured.v1";
}

platform::rules!(
    /// The toy's only refusal.
    CupRule {
        Cold => "cup.cold", Conflict, "the tea is cold", "茶凉了";
    }
);

static FAILURES: LazyLock<Mutex<HashMap<Uuid, u32>>> = LazyLock::new(Mutex::default);

async fn fill_a_cup(tx: &mut Tx, event: Poured) -> Result<()> {
    let id: Uuid = tx.cause_event().expect("an event").into();
    if let Some(account) = event.account {
        tx.await_replica::<AccountSnapshot>(account).await?;
    }
    // The effect comes first, so that a failure after it shows whether it is undone.
    diesel::sql_query("INSERT INTO cups (cause_event_id, note) VALUES ($1, $2)")
        .bind::<diesel::sql_types::Uuid, _>(id)
        .bind::<diesel::sql_types::Text, _>(&event.note)
        .execute(tx.conn())
        .await?;
    match event.note.as_str() {
        "refuse" => Err(CupRule::Cold.into()),
        "draw" => tx.next_number("cup").await.map(drop),
        "replay" => replays::meanwhile().await,
        "panic" => panic!("the pot broke"),
        "fails-twice" => {
            let mut failures = FAILURES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let count = failures.entry(id).or_default();
            *count += 1;
            if *count <= 2 { Err(ApiError::internal("spilled")) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn run<F: Future<Output = ()>>(test: impl FnOnce(&'static Yewu) -> F) {
    testkit::run(SERVICES, test);
}
fn poured(yewu: &Yewu, case: CaseId, note: &str) -> CloudEvent {
    yewu.envelope(&Poured { note: note.into(), account: None }, case)
}
fn case() -> CaseId {
    CaseId(Uuid::now_v7())
}
async fn cups(yewu: &Yewu, events: &[&CloudEvent]) -> String {
    let ids: Vec<String> = events.iter().map(|event| format!("'{}'", event.id)).collect();
    yewu.sql(
        "aftersales",
        &format!("SELECT string_agg(note, ' ' ORDER BY n) FROM cups WHERE cause_event_id IN ({})", ids.join(",")),
    )
    .await
}
async fn status(yewu: &Yewu, event: &CloudEvent) -> String {
    yewu.sql(
        "aftersales",
        &format!("SELECT status FROM inbox WHERE handler = 'fill-a-cup' AND event_id = '{}'", event.id),
    )
    .await
}

#[test]
fn an_event_has_its_effect_once_however_often_it_comes() {
    run(async |yewu| {
        let event = poured(yewu, case(), "green");
        futures_util::future::join_all((0..20).map(|_| yewu.deliver(&event))).await;
        yewu.settle().await;
        assert_eq!((cups(yewu, &[&event]).await.as_str(), status(yewu, &event).await.as_str()), ("green", "done"));
    });
}

#[test]
fn a_failure_waits_and_what_follows_of_its_key_waits_behind_it() {
    run(async |yewu| {
        let key = case();
        let (first, second, other) =
            (poured(yewu, key, "fails-twice"), poured(yewu, key, "second"), poured(yewu, case(), "other"));
        for event in [&first, &second, &other] {
            yewu.deliver(event).await;
        }
        assert_eq!(
            [status(yewu, &first).await, status(yewu, &second).await, status(yewu, &other).await],
            ["waiting", "waiting", "done"]
        );
        assert_eq!(cups(yewu, &[&first, &second, &other]).await, "other", "what failed left nothing behind");
        yewu.settle().await;
        assert_eq!(status(yewu, &first).await, "waiting", "its time has not come");
    });
}

#[test]
fn a_refusal_is_parked_and_holds_back_its_own_key_until_someone_decides() {
    run(async |yewu| {
        let key = case();
        let (bad, behind, other) =
            (poured(yewu, key, "refuse"), poured(yewu, key, "behind"), poured(yewu, case(), "free"));
        for event in [&bad, &behind, &other] {
            yewu.deliver(event).await;
        }
        assert_eq!(
            [status(yewu, &bad).await, status(yewu, &behind).await, status(yewu, &other).await],
            ["parked", "waiting", "done"]
        );
        let ops = yewu.role("ops");
        let parked: Vec<wire::common::ParkedMessage> = ops.get("/api/aftersales/v1/parked").await.ok();
        let mine = parked.iter().find(|message| message.event_id == Uuid::from(bad.id)).expect("listed");
        assert!(mine.error.as_deref().is_some_and(|error| error.starts_with("cup.cold")), "{mine:?}");
        let path = format!("/api/aftersales/v1/parked/fill-a-cup/{}", bad.id);
        yewu.role("sales_rep").post(&format!("{path}/retry"), json!({})).await.problem(403, "permission.missing");
        ops.post(&format!("{path}/retry"), json!({})).await.ok::<wire::common::ParkedMessage>();
        yewu.settle().await;
        assert_eq!([status(yewu, &bad).await, status(yewu, &behind).await], ["parked", "waiting"], "it is still cold");
        ops.post(&format!("{path}/discard"), json!({"reason": "tea is over"}))
            .await
            .ok::<wire::common::ParkedMessage>();
        yewu.settle().await;
        assert_eq!([status(yewu, &bad).await, status(yewu, &behind).await], ["discarded", "done"]);
        assert_eq!(cups(yewu, &[&bad, &behind]).await, "behind");
        let noted = yewu.sql("aftersales", &format!("SELECT string_agg(action || ':' || coalesce(reason, ''), ' ' ORDER BY seq) FROM audit_log WHERE entity_id = '{}'", bad.id)).await;
        assert_eq!(noted, "retry: discard:tea is over");
    });
}

#[test]
fn not_yet_waits_for_the_replica_and_wakes_when_it_lands() {
    run(async |yewu| {
        let account = Uuid::now_v7();
        let event = yewu.envelope(&Poured { note: "guest".into(), account: Some(account) }, case());
        yewu.deliver(&event).await;
        assert_eq!(status(yewu, &event).await, "waiting");
        let why =
            yewu.sql("aftersales", &format!("SELECT waiting_for FROM inbox WHERE event_id = '{}'", event.id)).await;
        assert_eq!(why, format!("account:{account}"));
        let snapshot = AccountSnapshot {
            id: account.into(),
            number: "AC-1".into(),
            name: "Guest".into(),
            status: "active".into(),
            tier: None,
            region: None,
            version: 1,
        };
        yewu.hear(&AccountCreated(snapshot)).await;
        yewu.settle().await; // without any clock moving: the landing made it due
        assert_eq!((cups(yewu, &[&event]).await.as_str(), status(yewu, &event).await.as_str()), ("guest", "done"));
    });
}

#[test]
fn a_replica_ignores_older_facts() {
    run(async |yewu| {
        let id = Uuid::now_v7();
        for (version, name) in [(2, "new"), (1, "old"), (2, "twin")] {
            let snapshot = AccountSnapshot {
                id: id.into(),
                number: "AC-1".into(),
                name: name.into(),
                status: "active".into(),
                tier: None,
                region: None,
                version,
            };
            yewu.hear(&AccountCreated(snapshot)).await;
        }
        assert_eq!(
            yewu.sql("aftersales", &format!("SELECT data->>'name' FROM replicas WHERE id = '{id}'")).await,
            "new"
        );
    });
}

#[test]
fn a_panic_is_a_failure_and_a_killer_is_parked_untried() {
    run(async |yewu| {
        let broken = poured(yewu, case(), "panic");
        yewu.deliver(&broken).await;
        assert_eq!((status(yewu, &broken).await.as_str(), cups(yewu, &[&broken]).await.as_str()), ("waiting", ""));
        let killer = poured(yewu, case(), "green");
        let arrival = |event: &CloudEvent| Arrival {
            body: serde_json::to_vec(event).unwrap(),
            message_id: None,
            kind: None,
            deaths: 7,
        };
        // Twice started and never finished: the third time it is not tried.
        yewu.as_owner("aftersales", &format!("INSERT INTO suspects VALUES ('{}', 2)", killer.id)).await;
        assert_eq!(yewu.node.apps[0].receive(arrival(&killer)).await, Settled::Kept);
        assert_eq!((status(yewu, &killer).await.as_str(), cups(yewu, &[&killer]).await.as_str()), ("parked", ""));
        // The broker counts deaths for the innocents behind a killer too.
        let innocent = poured(yewu, case(), "green");
        assert_eq!(yewu.node.apps[0].receive(arrival(&innocent)).await, Settled::Kept);
        assert_eq!(status(yewu, &innocent).await, "done");
        let left =
            yewu.sql("aftersales", &format!("SELECT count(*) FROM suspects WHERE event_id = '{}'", innocent.id)).await;
        assert_eq!(left, "0");
    });
}

#[test]
fn a_process_that_lives_and_cannot_write_is_no_death_of_its_message() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let event = poured(&yewu, case(), "green");
        let body = serde_json::to_vec(&event).unwrap();
        let arrival = || Arrival { body: body.clone(), message_id: None, kind: None, deaths: 1 };
        yewu.as_owner("aftersales", "ALTER TABLE inbox RENAME TO elsewhere").await;
        for _ in 0..4 {
            assert_eq!(yewu.node.apps[0].receive(arrival()).await, Settled::Again);
        }
        yewu.as_owner("aftersales", "ALTER TABLE elsewhere RENAME TO inbox").await;
        assert_eq!(yewu.node.apps[0].receive(arrival()).await, Settled::Kept);
        assert_eq!(status(&yewu, &event).await, "done");
    });
}

#[test]
fn plt_05_a_number_that_no_document_takes_is_an_error() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let rule = "INSERT INTO number_rules (kind, prefix, gapless) VALUES ('cup', 'CUP', TRUE)";
        yewu.as_owner("aftersales", rule).await;
        let event = poured(&yewu, case(), "draw");
        yewu.deliver(&event).await;
        assert_eq!((cups(&yewu, &[&event]).await.as_str(), status(&yewu, &event).await.as_str()), ("", "waiting"));
        let error = format!("SELECT error FROM inbox WHERE event_id = '{}'", event.id);
        assert!(yewu.sql("aftersales", &error).await.contains("no document has taken it"));
        assert_eq!(yewu.sql("aftersales", "SELECT count(*) FROM number_series").await, "0", "rolled back");
    });
}

#[test]
fn what_is_no_event_is_hopeless_and_what_lies_about_its_type_is_parked() {
    run(async |yewu| {
        let arrival = |body: &[u8]| Arrival { body: body.to_vec(), message_id: None, kind: None, deaths: 0 };
        for bytes in [&b"not json"[..], b"{}", b"\xff\xfe"] {
            assert_eq!(yewu.node.apps[0].receive(arrival(bytes)).await, Settled::Hopeless);
        }
        // The broker has let it pass as something else: whoever sent it speaks for another service.
        let forged = poured(yewu, case(), "green");
        let routed =
            Arrival { kind: Some("garden.pot.poured.v1".into()), ..arrival(&serde_json::to_vec(&forged).unwrap()) };
        assert_eq!(yewu.node.apps[0].receive(routed).await, Settled::Hopeless);
        assert_eq!(cups(yewu, &[&forged]).await, "");
        let mut liar = poured(yewu, case(), "green");
        liar.data = json!({"note": 7});
        yewu.deliver(&liar).await;
        assert_eq!(status(yewu, &liar).await, "parked");
    });
}

#[test]
fn a_failure_is_tried_again_when_its_time_has_come() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let key = case();
        let (first, second) = (poured(&yewu, key, "fails-twice"), poured(&yewu, key, "second"));
        yewu.deliver(&first).await;
        yewu.deliver(&second).await;
        yewu.node.clock.travel(jiff::SignedDuration::from_secs(9));
        yewu.settle().await;
        assert_eq!(cups(&yewu, &[&first, &second]).await, "");
        yewu.node.clock.travel(jiff::SignedDuration::from_secs(2));
        yewu.settle().await;
        assert_eq!(cups(&yewu, &[&first, &second]).await, "fails-twice second", "in the order of arrival");
    });
}

#[test]
fn readers_cannot_write_and_the_audit_log_only_grows() {
    run(async |yewu| {
        let app = &yewu.node.apps[0];
        let mut reader = app.readers.get().await.unwrap();
        let refused =
            reader.batch_execute("INSERT INTO cups (cause_event_id, note) VALUES (gen_random_uuid(), 'stolen')").await;
        assert!(refused.unwrap_err().to_string().contains("read-only"));
        let audit = app.writers.get().await.unwrap().batch_execute("DELETE FROM audit_log").await;
        assert!(audit.unwrap_err().to_string().contains("permission denied"), "the audit log only grows");
    });
}

#[test]
fn the_audit_chain_shows_a_changed_row() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        // The older transaction has the higher number, so that their ids say nothing about it.
        let mut older = yewu.node.apps[0].writers.get().await.unwrap();
        older.batch_execute("BEGIN; SELECT pg_current_xact_id()").await.unwrap();
        let mut slow = yewu.node.apps[0].writers.get().await.unwrap();
        let line = "INSERT INTO audit_log (at, actor, action, entity, entity_id, version, status, changes, trace_id) \
                    VALUES (now(), 'user:slow', 'fill', 'cup', gen_random_uuid(), 1, 'full', '{}', 't')";
        slow.batch_execute(&format!("BEGIN; {line}")).await.unwrap();
        older.batch_execute(&format!("{line}; COMMIT")).await.unwrap();
        drop(older);
        let bad = poured(&yewu, case(), "refuse");
        yewu.deliver(&bad).await;
        yewu.role("ops")
            .post(&format!("/api/aftersales/v1/parked/fill-a-cup/{}/discard", bad.id), json!({"reason": "x"}))
            .await
            .ok::<serde_json::Value>();
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(1));
        yewu.node.run_jobs().await.unwrap();
        let sealed = "SELECT count(*) FROM audit_seals WHERE to_seq = (SELECT max(seq) FROM audit_log)";
        assert_eq!(
            yewu.sql("aftersales", sealed).await,
            "0",
            "a lower number may still be written, whatever a clock says"
        );
        // It ends while the sealing waits for it.
        let (ran, ()) = tokio::join!(yewu.node.run_jobs(), async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            slow.batch_execute("COMMIT").await.unwrap();
        });
        ran.unwrap();
        assert_eq!(yewu.sql("aftersales", sealed).await, "1");
        let mut conn = yewu.node.apps[0].readers.get().await.unwrap();
        assert_eq!(platform::audit::broken_seal(&mut conn).await.unwrap(), None);
        yewu.as_owner("aftersales", "UPDATE audit_log SET reason = 'y'").await;
        assert!(platform::audit::broken_seal(&mut conn).await.unwrap().is_some());
    });
}
