//! Procurement over HTTP and over the bus, on a real Postgres: what the tests of its slices share.
mod holds;
mod masters;
mod prices_and_bills;
mod purchase_orders;
mod receiving;
mod requisitions;
mod rfqs;
mod sample_tests;
mod shortages;
mod sourcing;
mod sourcing_waivers;
mod stock;
mod supplier_records;
mod top_ups;

use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::procurement::{Availability, Item, StockOpened};

const API: &str = "/api/procurement/v1";

fn run<F: Future<Output = ()>>(test: impl FnOnce(&'static Yewu) -> F) {
    testkit::run(&[procurement::SERVICE], test);
}
fn path(rest: impl std::fmt::Display) -> String {
    format!("{API}/{rest}")
}
fn fresh(prefix: &str) -> String {
    format!("{prefix}-{}", Uuid::now_v7().simple())
}
async fn put(client: &Client, rest: &str, body: Value) -> testkit::Response {
    client.send(reqwest::Method::PUT, &path(rest), &[], Some(&body)).await
}
fn new_item(sku: &str) -> Value {
    json!({"sku": sku, "name": "离心泵", "unit": "台", "purchase_price": {"amount": "820.00", "currency": "CNY"}})
}
/// An item with so much on hand; its sku.
async fn stocked(yewu: &Yewu, quantity: &str) -> String {
    let integration = yewu.role("integration");
    let sku = fresh("SKU");
    integration.post(&path("items"), new_item(&sku)).await.created::<Item>();
    open(yewu, &[(&sku, "MAIN", quantity)]).await;
    sku
}
async fn open(yewu: &Yewu, entries: &[(&str, &str, &str)]) -> StockOpened {
    let entries: Vec<Value> = entries
        .iter()
        .map(|(sku, location, quantity)| json!({"sku": sku, "location": location, "quantity": quantity}))
        .collect();
    let body = json!({"reference": {"system": "books", "id": fresh("opening")}, "entries": entries});
    yewu.role("warehouse").post(&path("stock/open"), body).await.created()
}
async fn availability(yewu: &Yewu, sku: &str) -> (String, String, String) {
    let answer: Availability = yewu.role("sales_rep").get(&path(format!("availability?sku={sku}"))).await.ok();
    (answer.on_hand.to_string(), answer.held.to_string(), answer.available.to_string())
}
fn three(a: &str, b: &str, c: &str) -> (String, String, String) {
    (a.into(), b.into(), c.into())
}

/// Runs the jobs until it holds: another test's run may be at one of them just then, and it is skipped here.
async fn after_jobs(yewu: &Yewu, mut holds: impl AsyncFnMut() -> bool) {
    testkit::eventually(Duration::from_secs(20), async || {
        yewu.node.run_jobs().await.expect("the jobs run");
        if holds().await { Ok(()) } else { Err("not yet".to_owned()) }
    })
    .await;
}

/// What must be so whatever happened: every balance is the sum of its entries, every held unit has its order.
async fn books_add_up(yewu: &Yewu) {
    let entries = "SELECT count(*) FROM stock s WHERE on_hand <> (SELECT coalesce(sum(change), 0) FROM stock_entries e WHERE e.stock_id = s.id)";
    let holds = "SELECT count(*) FROM stock s WHERE held <> (SELECT coalesce(sum(p.held), 0) FROM hold_places p WHERE p.stock_id = s.id)";
    let closed = "SELECT count(*) FROM hold_places p JOIN holds h ON h.id = p.hold_id WHERE p.held > 0 AND h.status IN ('shipped', 'released')";
    for query in [entries, holds, closed] {
        assert_eq!(yewu.sql("procurement", query).await, "0", "{query}");
    }
}
