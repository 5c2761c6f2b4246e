//! Quoting over HTTP on a real Postgres: what frontends and integrators rely on. Here: what the tests share.
mod approvals;
mod cost_sheets;
mod delegations;
mod foundations;
mod kpis;
mod margins;
mod offers;
mod policies;
mod pricing;
mod print;
mod products;
mod proposal_links;
mod proposals;
mod quotes;
mod search;
mod solutions;

use serde_json::{Value, json};
use testkit::{Client, Response, Yewu};
use uuid::Uuid;
use wire::{
    CaseId, Ownership,
    crm::{
        AccountCreated, AccountId, AccountSnapshot, OpportunityId, OpportunityRegistered, OpportunitySnapshot,
        RequirementSpecConfirmed, RequirementSpecId, RequirementSpecSnapshot, RequirementSpecSubmitted, SpecItem,
    },
    quoting::{CostSheet, Product},
};

pub const QUOTES: &str = "/api/quoting/v1/quotes";
pub const PRODUCTS: &str = "/api/quoting/v1/products";
pub const SHEETS: &str = "/api/quoting/v1/cost-sheets";

pub fn run<F: Future<Output = ()>>(test: impl FnOnce(&'static Yewu) -> F) {
    testkit::run(&[quoting::SERVICE], test);
}

/// Upserts a product as the ERP does, under the reference `test/{sku}`.
pub async fn put_product(yewu: &Yewu, sku: &str, body: &Value) -> Response {
    let path = format!("{PRODUCTS}/by-ref/test/{sku}");
    yewu.role("integration").send(reqwest::Method::PUT, &path, &[], Some(body)).await
}
pub fn product(sku: &str) -> Value {
    json!({"sku": sku, "name": "离心泵 40", "name_en": "Centrifugal pump 40", "unit": "piece",
        "list_price": "1250.00", "currency": "CNY", "tax_rate": "0.13", "status": "active"})
}
/// As a query holds it.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| out + &format!("%{byte:02X}"))
}
/// A fresh sku, not yet a product's.
pub fn fresh_sku() -> String {
    format!("P-{}", Uuid::now_v7().simple())
}
/// A fresh product on sale.
pub async fn on_sale(yewu: &Yewu) -> Product {
    let sku = fresh_sku();
    put_product(yewu, &sku, &product(&sku)).await.created()
}

/// A customer; what the tests quote is on sale.
pub async fn account(yewu: &Yewu) -> AccountId {
    let put = put_product(yewu, "PUMP-40", &product("PUMP-40")).await;
    assert!([200, 201].contains(&put.status.as_u16()), "{}", put.text);
    let id = AccountId(Uuid::now_v7());
    let (number, name, status) = ("AC-2026-000001".into(), "晨光泵业".into(), "active".into());
    yewu.hear(&AccountCreated(AccountSnapshot { id, number, name, status, tier: None, region: None, version: 1 }))
        .await;
    id
}
/// An opportunity of a customer, as crm would tell of it.
pub fn opportunity(account_id: AccountId) -> OpportunitySnapshot {
    OpportunitySnapshot {
        id: OpportunityId(Uuid::now_v7()),
        number: "OP-2026-000001".into(),
        case_id: CaseId(Uuid::now_v7()),
        account_id,
        name: "泵站改造".into(),
        stage: "proposal".into(),
        status: "open".into(),
        version: 1,
    }
}
/// The same, told.
pub async fn heard_opportunity(yewu: &Yewu, account: AccountId) -> OpportunitySnapshot {
    let snapshot = opportunity(account);
    yewu.hear(&OpportunityRegistered(snapshot.clone())).await;
    snapshot
}
/// A specification sent to the customer, told.
pub async fn heard_spec(yewu: &Yewu, of: &OpportunitySnapshot) -> RequirementSpecSnapshot {
    let snapshot = RequirementSpecSnapshot {
        id: RequirementSpecId(Uuid::now_v7()),
        number: "RS-2026-000001".into(),
        case_id: of.case_id,
        opportunity_id: of.id,
        account_id: of.account_id,
        status: "submitted".into(),
        items: vec![item("must", "流量 40 m³/h"), item("must", "交付 8 周内"), item("should", "噪音低于 70 dB")],
        owner: Some(of_sales()),
        version: 2,
    };
    yewu.hear(&RequirementSpecSubmitted(snapshot.clone())).await;
    snapshot
}
fn item(priority: &str, text: &str) -> SpecItem {
    let item = json!({"id": Uuid::now_v7(), "field": "performance", "priority": priority, "text": text});
    serde_json::from_value(item).expect("an item")
}
/// Whose the tests' deals are.
pub fn of_sales() -> Ownership {
    let sales = Some("sales".to_owned());
    Ownership { owner_id: Some("sales_rep-1".into()), team_id: sales.clone(), department_id: sales }
}
/// The customer's yes to it, told.
pub async fn confirm_spec(yewu: &Yewu, spec: &RequirementSpecSnapshot) {
    let confirmed = RequirementSpecSnapshot { status: "confirmed".into(), version: spec.version + 1, ..spec.clone() };
    yewu.hear(&RequirementSpecConfirmed(confirmed)).await;
}

/// A draft cost sheet of an opportunity.
pub async fn sheet(yewu: &Yewu, opportunity: OpportunityId) -> CostSheet {
    yewu.role("technical").post(SHEETS, new_sheet(json!({"opportunity_id": opportunity}))).await.created()
}
/// The body of a cost sheet for `subject`.
pub fn new_sheet(subject: Value) -> Value {
    let mut body = json!({"currency": "CNY", "lines": [
        {"kind": "material", "sku": "PUMP-40", "description": "离心泵", "quantity": "12", "unit_cost": "820.335"},
        {"kind": "labor", "description": "安装调试", "quantity": "16.5", "unit_cost": "180.00"},
        {"kind": "overhead", "description": "管理费用", "quantity": "1", "unit_cost": "600.00"}]});
    let more = subject.as_object().expect("a subject is an object").clone();
    body.as_object_mut().expect("so is the body").extend(more);
    body
}
/// Finance verifies and locks a draft.
pub async fn lock_sheet(yewu: &Yewu, sheet: &CostSheet) -> CostSheet {
    let path = format!("{SHEETS}/{}", sheet.id);
    yewu.role("technical").act(&path, "submit", json!({})).await.ok::<CostSheet>();
    let finance = yewu.role("finance_specialist");
    finance.act(&path, "verify", json!({})).await.ok::<CostSheet>();
    finance.act(&path, "lock", json!({})).await.ok()
}
/// The kinds of fact told of one thing, in order.
pub async fn told(yewu: &Yewu, subject: impl Into<Uuid>) -> String {
    let subject: Uuid = subject.into();
    let query =
        format!("SELECT coalesce(string_agg(kind, ' ' ORDER BY seq), '') FROM outbox WHERE subject = '{subject}'");
    yewu.sql("quoting", &query).await
}
/// May this caller do it now, and if not, which gates are closed?
pub async fn blocked(client: &Client, path: &str, action: &str) -> Vec<String> {
    let shown = client.get(path).await.json();
    let actions: Vec<wire::Action> = serde_json::from_value(shown["available_actions"].clone()).expect("actions");
    let found = actions.into_iter().find(|a| a.action == action).unwrap_or_else(|| panic!("no {action} in {shown}"));
    found.blocked_by.into_iter().map(|gate| gate.gate).collect()
}
