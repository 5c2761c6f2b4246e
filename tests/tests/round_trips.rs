//! Ruling 20: a command costs a fixed number of round trips to Postgres, and so does a page, however many rows stand on it or in
//! the table. Counted on the wire, not timed.
use reqwest::Method;
use serde_json::json;
use testkit::{Client, Environment, Yewu};
use tests::{
    proxy::{self, Proxy},
    sample::{ORDERS, account, create, new_order, through, turns},
};

/// The background has its part: jobs and the relay share the proxy.
const BACKGROUND: f64 = 0.5;

async fn assert_turns(proxy: &Proxy, wanted: f64, what: &str, operation: impl AsyncFn()) {
    let seen = turns(proxy, 50, operation).await;
    assert!(
        (wanted - BACKGROUND..wanted + BACKGROUND).contains(&seen),
        "{what}: {seen} round trips instead of {wanted}"
    );
}

async fn read(client: &Client, path: &str) {
    let answer = client.send(Method::GET, path, &[], None).await;
    assert!(answer.status.is_success(), "GET {path}: {} {}", answer.status, answer.text);
}

#[test]
fn ruling_20_commands_and_reads_go_to_postgres_a_fixed_number_of_times() {
    testkit::alone(async || {
        let environment = Environment::read();
        let proxy = proxy::start(&environment.host_port).await;
        let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
        let yewu = Yewu::on(&environment, &database, suite::ALL, |_| {}, false).await;
        let body = new_order(account(&yewu).await);
        drop(yewu);
        let yewu = through(&environment, &database, &proxy).await;
        let client = yewu.role("customer_service");
        // Begin and claim the key; customer, products and number; order and lines; facts, audit, answer and commit.
        assert_turns(&proxy, 4.0, "create an order with five lines", async || {
            create(&client, &body).await;
        })
        .await;
        let version = std::cell::Cell::new(1);
        // Head, lines and holds.
        let id = create(&client, &body).await["id"].as_str().expect("an id").to_owned();
        assert_turns(&proxy, 1.0, "read one order", async || read(&client, &format!("{ORDERS}/{id}")).await).await;
        // Begin; lock, head, lines and holds; the change, prepared once a session; facts, audit and commit.
        assert_turns(&proxy, 4.0, "change it", async || {
            let path = format!("{ORDERS}/{id}");
            let tag = version.replace(version.get() + 1);
            let headers = [("if-match", format!("\"{tag}\""))];
            let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
            let answer =
                client.send(Method::PATCH, &path, &headers, Some(&json!({"requirements": tag.to_string()}))).await;
            assert!(answer.status.is_success(), "{} {}", answer.status, answer.text);
        })
        .await;
        for limit in [1, 50] {
            let page = format!("{ORDERS}?limit={limit}");
            assert_turns(&proxy, 2.0, &page, async || read(&client, &page).await).await;
        }
    });
}
