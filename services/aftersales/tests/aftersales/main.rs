//! Aftersales over HTTP on a real Postgres: what frontends and integrators rely on. Here: what the tests share.
mod revisits;
mod tickets;

use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    CaseId, CloudEvent, Page,
    aftersales::Revisit,
    crm::AccountId,
    orders::{OrderId, ShipmentDelivered, ShipmentId, ShipmentSnapshot},
};

pub const API: &str = "/api/aftersales/v1";

pub fn run<F: Future<Output = ()>>(test: impl FnOnce(&'static Yewu) -> F) {
    testkit::run(&[aftersales::SERVICE], test);
}
pub fn path(rest: impl std::fmt::Display) -> String {
    format!("{API}/{rest}")
}
pub fn delivery(yewu: &Yewu, at: &str) -> (OrderId, CloudEvent) {
    let order_id = OrderId(Uuid::now_v7());
    let shipment = ShipmentSnapshot {
        shipment_id: ShipmentId(Uuid::now_v7()),
        number: "SH-2026-000001".into(),
        order_id,
        order_number: "SO-2026-000001".into(),
        account_id: AccountId(Uuid::now_v7()),
        account_name: "晨光泵业".into(),
        lines: Vec::new(),
    };
    let delivered_at = at.parse::<jiff::Timestamp>().expect("a moment").into();
    (
        order_id,
        yewu.envelope(&ShipmentDelivered { shipment, delivered_at, signer: "李雷".into() }, CaseId(Uuid::now_v7())),
    )
}
pub async fn of_order(yewu: &Yewu, order: OrderId) -> Revisit {
    let page: Page<Revisit> = yewu.role("customer_service").get(&path(format!("revisits?order_id={order}"))).await.ok();
    assert_eq!(page.items.len(), 1, "one revisit a shipment");
    page.items.into_iter().next().expect("counted")
}
pub async fn planned(yewu: &Yewu) -> Revisit {
    let (order, event) = delivery(yewu, "2026-03-02T02:00:00Z");
    yewu.deliver(&event).await;
    of_order(yewu, order).await
}
pub async fn contacted(yewu: &Yewu, service: &Client) -> (String, Revisit) {
    let at = path(format!("revisits/{}", planned(yewu).await.id));
    let revisit =
        service.act(&at, "contact", json!({"reached": true, "channel": "phone", "person": "李雷"})).await.ok();
    (at, revisit)
}
pub fn answers(scores: &[i16]) -> Value {
    let answers: Vec<Value> =
        (1..).zip(scores).map(|(question, score): (i16, _)| json!({"question": question, "score": score})).collect();
    json!({"answers": answers, "evidence": {"channel": "phone", "person": "李雷", "at": "2026-03-05T02:00:00Z"}})
}
pub async fn told(yewu: &Yewu, case: Option<CaseId>) -> String {
    yewu.sql(
        "aftersales",
        &format!("SELECT string_agg(kind, ' ' ORDER BY seq) FROM outbox WHERE case_id = '{}'", case.expect("a case")),
    )
    .await
}
