//! crm over HTTP on a real Postgres, row by row: what frontends, integrators and the other services rely on.
mod cases;
mod customers;
mod directory;
mod import_batches;
mod imports;
mod lead_merges;
mod lead_pool;
mod leads;
mod opportunities;
mod requirement_specs;
mod workbook;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Response, Yewu};
use uuid::Uuid;
use wire::crm::{Account, Lead, Opportunity, RequirementSpec};

const BASE: &str = "/api/crm/v1";

fn run<F: Future<Output = ()>>(test: impl FnOnce(&'static Yewu) -> F) {
    testkit::run(&[crm::SERVICE], test);
}
fn path(collection: &str, id: impl std::fmt::Display) -> String {
    format!("{BASE}/{collection}/{id}")
}
/// A name nobody had before.
fn name() -> String {
    format!("晨光{}泵业有限公司", Uuid::now_v7().simple())
}
async fn put(client: &Client, path: &str, body: Value) -> Response {
    client.send(Method::PUT, &format!("{BASE}/{path}"), &[], Some(&body)).await
}
/// Kinds of facts about one thing, in order.
async fn facts(yewu: &Yewu, subject: impl std::fmt::Display) -> String {
    yewu.sql(
        "crm",
        &format!("SELECT coalesce(string_agg(kind, ' ' ORDER BY seq), '') FROM outbox WHERE subject = '{subject}'"),
    )
    .await
}
async fn lead(client: &Client, body: Value) -> Lead {
    client.post(&format!("{BASE}/leads"), body).await.created()
}
fn new_lead(name: &str) -> Value {
    json!({"party_type": "org", "name": name, "contact_name": "李雷", "source": "exhibition", "need": "12 台卧式泵"})
}
/// A lead, screened, contacted and qualified.
async fn qualified(yewu: &Yewu, sales: &Client) -> Lead {
    let lead = lead(sales, new_lead(&name())).await;
    let path = path("leads", lead.id);
    let boss = yewu.role("sales_manager");
    boss.act(&path, "screen", json!({"result": "pass", "class": "a"})).await.ok::<Lead>();
    sales.act(&path, "contact", json!({"channel": "phone", "outcome": "有意向"})).await.ok::<Lead>();
    sales.act(&path, "qualify", json!({})).await.ok()
}
async fn converted(yewu: &Yewu, sales: &Client) -> Lead {
    let lead = qualified(yewu, sales).await;
    let body = json!({"amount": {"amount": "16102.50", "currency": "CNY"}, "expected_close": "2099-12-31"});
    sales.act(&path("leads", lead.id), "convert", body).await.ok()
}
async fn account(client: &Client) -> Account {
    client.post(&format!("{BASE}/accounts"), json!({"name": name()})).await.created()
}
async fn opportunity(client: &Client) -> Opportunity {
    let account = account(client).await;
    let body = json!({"account_id": account.id, "name": "二期", "need": "12 台泵", "source": "online"});
    client.post(&format!("{BASE}/opportunities"), body).await.created()
}
async fn spec(client: &Client, opportunity: &Opportunity) -> RequirementSpec {
    let body = json!({"opportunity_id": opportunity.id, "title": "泵站需求",
        "items": [{"field": "quantity", "priority": "must", "text": "12 台", "sku": "PUMP-40", "quantity": "12"}]});
    client.post(&format!("{BASE}/requirement-specs"), body).await.created()
}
fn evidence() -> Value {
    json!({"evidence": {"channel": "email", "person": "李雷", "at": "2026-03-02T01:00:00Z"}})
}
