//! Facts that are sent again (`outbox::replay`) while the relay is at work: what it has in hand then counts as not sent.
use super::{Poured, SERVICES};
use diesel_async::SimpleAsyncConnection;
use platform::{app::App, outbox};
use std::sync::{Arc, OnceLock};
use testkit::Yewu;
use wire::{CaseId, Event};

static REPLAYS: OnceLock<Arc<App>> = OnceLock::new();

/// What the handler does with the note "replay": the fact in hand, among all others, is to go out again.
pub(super) async fn meanwhile() -> platform::Result<()> {
    let app = REPLAYS.get().expect("the test's node");
    outbox::replay(app, jiff::Timestamp::UNIX_EPOCH.into()).await.map(drop)
}

#[test]
fn a_fact_on_its_way_while_facts_are_sent_again_goes_out_again_too() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let app = yewu.node.apps[0].clone();
        REPLAYS.get_or_init(|| app.clone());
        let event = yewu.envelope(&Poured { note: "replay".into(), account: None }, CaseId(uuid::Uuid::now_v7()));
        let told = format!(
            "INSERT INTO outbox (id, kind, subject, partition_key, shard, envelope, at) VALUES ('{0}', '{1}', '{0}', '{0}', 0, '{2}', now())",
            event.id,
            Poured::TYPE,
            serde_json::to_string(&event).expect("JSON"),
        );
        app.writers.get().await.expect("a connection").batch_execute(&told).await.expect("told");
        let waiting = async || yewu.sql("aftersales", "SELECT count(*) FROM outbox WHERE published_at IS NULL").await;

        // The queues that were there when it was sent may not have been all: its mark comes too late to count.
        yewu.settle().await;
        assert_eq!(waiting().await, "1");
        yewu.settle().await;
        assert_eq!(waiting().await, "0");
        assert_eq!(yewu.sql("aftersales", "SELECT count(*) FROM cups").await, "1", "sent twice, done once");
    });
}
