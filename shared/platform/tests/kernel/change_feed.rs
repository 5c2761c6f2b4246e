//! The change feed: every line once, in order, none skipped whose transaction was still open, and patience that ends.
use super::SERVICES;
use diesel_async::SimpleAsyncConnection;
use std::time::Duration;
use testkit::{Client, Yewu};
use tokio::time::Instant;
use wire::change_feed::ChangePage;

const CHANGES: &str = "/api/aftersales/v1/changes";
const LINE: &str = "INSERT INTO audit_log (at, actor, action, entity, entity_id, version, status, changes, trace_id) \
                    VALUES (now(), 'user:ann', 'fill', 'cup', gen_random_uuid(), 1, 'full', '{}', 't')";

fn run(test: impl AsyncFnOnce(Yewu, Client)) {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let integration = yewu.role("integration");
        test(yewu, integration).await;
    });
}

async fn page(client: &Client, query: &str) -> (Vec<i64>, i64) {
    let page: ChangePage = client.get(&format!("{CHANGES}?{query}")).await.ok();
    (page.items.iter().map(|item| item.seq).collect(), page.next)
}

#[test]
fn pages_follow_each_other_and_the_last_one_says_where_to_go_on() {
    run(async |yewu, client| {
        let mut writer = yewu.node.apps[0].writers.get().await.unwrap();
        for _ in 0..3 {
            writer.batch_execute(LINE).await.unwrap();
        }
        // A number that was drawn in vain.
        writer.batch_execute(&format!("BEGIN; {LINE}; ROLLBACK; {LINE}")).await.unwrap();
        assert_eq!(page(&client, "after=0&limit=2").await, (vec![1, 2], 2));
        assert_eq!(page(&client, "after=2&limit=2").await, (vec![3, 5], 5));
        assert_eq!(page(&client, "after=5").await, (Vec::new(), 5));
        assert_eq!(page(&client, "").await, (Vec::new(), 5), "from now on");
        let item = client.get(&format!("{CHANGES}?after=4")).await.ok::<ChangePage>().items.remove(0);
        assert_eq!(
            (item.entity.as_str(), item.version, item.action.as_str(), item.status.as_str()),
            ("cup", 1, "fill", "full")
        );
    });
}

#[test]
fn a_line_whose_transaction_is_open_holds_back_those_behind_it() {
    run(async |yewu, client| {
        let mut slow = yewu.node.apps[0].writers.get().await.unwrap();
        let mut fast = yewu.node.apps[0].writers.get().await.unwrap();
        fast.batch_execute(LINE).await.unwrap();
        slow.batch_execute(&format!("BEGIN; {LINE}")).await.unwrap();
        fast.batch_execute(LINE).await.unwrap();
        assert_eq!(page(&client, "after=0").await, (vec![1], 1), "2 may still come");
        assert_eq!(page(&client, "").await, (Vec::new(), 0), "nothing is sealed yet, so nothing is sure");
        // One that ends while somebody asks is not left out.
        let (seen, ()) = tokio::join!(page(&client, "after=0"), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            slow.batch_execute("COMMIT").await.unwrap();
        });
        assert_eq!(seen, (vec![1, 2, 3], 3));
    });
}

#[test]
fn who_waits_hears_of_it_soon_and_otherwise_when_the_time_is_over() {
    run(async |yewu, client| {
        let started = Instant::now();
        assert_eq!(page(&client, "after=0&wait_seconds=1").await, (Vec::new(), 0));
        assert!(started.elapsed() >= Duration::from_secs(1), "it has waited");
        let mut writer = yewu.node.apps[0].writers.get().await.unwrap();
        let (heard, ()) = tokio::join!(page(&client, "after=0&wait_seconds=30"), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            writer.batch_execute(LINE).await.unwrap();
        });
        assert_eq!(heard, (vec![1], 1));
        assert!(started.elapsed() < Duration::from_secs(30), "it did not wait for the end");
    });
}

#[test]
fn what_is_asked_wrongly_is_refused_and_so_is_who_may_not_ask() {
    run(async |yewu, client| {
        for query in ["after=-1", "limit=0", "limit=1001", "wait_seconds=31", "since=0"] {
            let answer = client.get(&format!("{CHANGES}?{query}")).await;
            assert_eq!(answer.status.as_u16(), 400, "{query}: {}", answer.text);
        }
        assert_eq!(yewu.role("sales_rep").get(CHANGES).await.status.as_u16(), 403);
    });
}
