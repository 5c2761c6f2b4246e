//! What guards against repetition is kept as long as something can be repeated, and then goes.
use super::{Poured, SERVICES};
use diesel_async::SimpleAsyncConnection;
use jiff::SignedDuration;
use testkit::Yewu;
use uuid::Uuid;
use wire::{CaseId, CloudEvent};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const A_LITTLE: SignedDuration = SignedDuration::from_mins(1);

/// What is left: stored answers, facts, messages, and those of them that wait for a person.
async fn left(yewu: &Yewu) -> [String; 4] {
    let count = async |of: &str| yewu.sql("aftersales", &format!("SELECT count(*) FROM {of}")).await;
    let parked = count("inbox WHERE status = 'parked'").await;
    [count("idempotency").await, count("outbox").await, count("inbox").await, parked]
}

async fn execute(yewu: &Yewu, statement: &str) {
    let mut conn = yewu.node.apps[0].writers.get().await.expect("a connection");
    conn.batch_execute(statement).await.expect(statement);
}

#[test]
fn answers_and_facts_go_after_thirty_days_and_messages_after_forty_five() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let pour = |note: &str| -> CloudEvent {
            yewu.envelope(&Poured { note: note.into(), account: None }, CaseId(Uuid::now_v7()))
        };
        // Who hears what is written by the migration in real life; here the template has it.
        assert_eq!(yewu.sql("aftersales", "SELECT count(*) FROM heard WHERE handler = 'fill-a-cup'").await, "1");
        // More than one bite of each, all told now.
        for table in [
            "INSERT INTO idempotency (slot, fingerprint, status, body, at) SELECT gen_random_uuid(), '', 200, '', now() FROM generate_series(1, 5001)",
            "INSERT INTO outbox (id, kind, subject, partition_key, shard, envelope, at, published_at) \
             SELECT i, 'kitchen.pot.poured.v1', i, i, 0, '{}', now(), now() FROM (SELECT gen_random_uuid() AS i FROM generate_series(1, 5001)) ids",
            "INSERT INTO outbox (id, kind, subject, partition_key, shard, envelope, at) \
             SELECT i, 'kitchen.pot.poured.v1', i, i, 0, '{}', now() FROM (SELECT gen_random_uuid() AS i) one",
        ] {
            execute(&yewu, table).await;
        }
        for note in ["green", "black", "refuse"] {
            yewu.deliver(&pour(note)).await;
        }
        assert_eq!(left(&yewu).await, ["5001", "5002", "3", "1"]);

        let jobs = async || {
            for _ in 0..3 {
                yewu.node.run_jobs().await.expect("jobs");
            }
        };
        yewu.node.clock.travel(DAY * 30 - A_LITTLE);
        jobs().await;
        assert_eq!(left(&yewu).await, ["5001", "5002", "3", "1"], "a minute too early");
        yewu.node.clock.travel(A_LITTLE * 2);
        jobs().await;
        assert_eq!(left(&yewu).await, ["0", "1", "3", "1"], "what has not gone out yet stays");
        yewu.node.clock.travel(DAY * 15 - A_LITTLE * 2);
        jobs().await;
        assert_eq!(left(&yewu).await, ["0", "1", "3", "1"], "a minute too early");
        yewu.node.clock.travel(A_LITTLE * 2);
        jobs().await;
        assert_eq!(left(&yewu).await, ["0", "1", "1", "1"], "what waits for a person stays");
    });
}
