//! crm over HTTP on a real Postgres, row by row: what frontends, integrators and the other services rely on.
mod actions;
mod cases;
mod customer_file;
mod customer_search;
mod customers;
mod deal;
mod directory;
mod import_batches;
mod imports;
mod kpis;
mod lead_merges;
mod lead_pool;
mod leads;
mod lists;
mod loyalty;
mod makers;
mod market;
mod onboarding;
mod opportunities;
mod plans;
mod reports;
mod requirement_specs;
mod target_groups;

mod activities;
mod assignments;
mod follow_ups;
mod handover_kinds;
mod handovers;
mod inquiries;
mod meetings;
mod projects;
mod purging;
mod reach;
mod requirements;
mod schema;
mod tasks;
mod workbook;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Response, Yewu};
use uuid::Uuid;
use wire::{
    CloudEvent,
    aftersales::RevisitClosed,
    crm::{Account, AccountId, Lead, Opportunity, RequirementSpec, User},
};

/// The confirmed order of a customer for so much net, of its owner, as orders would tell it at a moment.
pub fn order(yewu: &Yewu, account: &Account, net: &str, currency: &str, at: &str) -> wire::CloudEvent {
    let money = |amount: &str| json!({"amount": amount, "currency": currency});
    let id = Uuid::now_v7();
    let order = json!({"order_id": id, "number": format!("SO-{}", id.simple()), "origin": "direct", "contract_id": null, "quote_id": null,
        "account_id": account.id, "account_name": account.name, "lines": [], "payment_terms": [], "delivery_date": null, "external_refs": [],
        "totals": {"net": money(net), "tax": money("0.00"), "gross": money(net)}, "confirmed_at": at});
    let event: wire::orders::OrderConfirmed = serde_json::from_value(order).expect("the shape of the event");
    told_at(yewu.envelope(&event, wire::CaseId(Uuid::now_v7())), id, account.owner_id.as_deref(), at)
}
/// An envelope about this subject, of this owner (and the team and department of the same name), at this moment.
pub fn told_at(mut envelope: wire::CloudEvent, subject: Uuid, owner: Option<&str>, at: &str) -> wire::CloudEvent {
    let owner = owner.map(str::to_owned);
    (envelope.subject, envelope.time) = (subject, wire::Moment::new(at.parse().expect("a moment")));
    (envelope.ownerid, envelope.teamid, envelope.departmentid) = (owner.clone(), owner.clone(), owner);
    envelope
}

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
/// An opportunity of the caller's, worth so many yuan.
async fn worth(client: &Client, amount: &str) -> Opportunity {
    let account = account(client).await;
    let body = json!({"account_id": account.id, "name": "二期", "need": "12 台泵", "source": "online",
        "amount": {"amount": amount, "currency": "CNY"}, "expected_close": "2099-12-15"});
    client.post(&format!("{BASE}/opportunities"), body).await.created()
}
async fn spec(client: &Client, opportunity: &Opportunity) -> RequirementSpec {
    let body = json!({"opportunity_id": opportunity.id, "title": "泵站需求",
        "items": [{"field": "quantity", "priority": "must", "text": "12 台", "sku": "PUMP-40", "quantity": "12"}]});
    client.post(&format!("{BASE}/requirement-specs"), body).await.created()
}
/// Someone new in the directory, in department `sales`; their reference.
async fn joins(yewu: &Yewu, role: &str, team: &str) -> String {
    let reference = format!("{role}-{}", Uuid::now_v7().simple());
    let person = json!({"name": reference, "roles": [role], "department": "sales", "team": team});
    put(&yewu.role("integration"), &format!("users/by-ref/directory/{reference}"), person).await.created::<User>();
    reference
}
/// Moves the clock on to ten o'clock of the next working day in China, so that closing time is ahead.
fn morning(yewu: &Yewu) {
    let now = yewu.node.clock.now().timestamp();
    let closing = platform::calendar::Calendar::china().add_working_days(now, 1).at;
    yewu.node.clock.travel(closing.duration_since(now) - jiff::SignedDuration::from_hours(8));
}
/// Moves the clock on to just behind a moment.
fn forward(yewu: &Yewu, to: wire::Moment) {
    let wait = to.timestamp().duration_since(yewu.node.clock.now().timestamp());
    yewu.node.clock.travel(wait + jiff::SignedDuration::from_secs(1));
}
/// What crm hears when aftersales opens a ticket: its id.
async fn ticket(yewu: &Yewu, account: AccountId, case: wire::CaseId) -> Uuid {
    let id = Uuid::now_v7();
    let any = RevisitClosed {
        revisit_id: Uuid::now_v7().into(),
        number: "x".into(),
        order_id: Uuid::now_v7().into(),
        account_id: account,
        satisfied: true,
    };
    let data = json!({"ticket_id": id, "number": "TK-2026-000001", "account_id": account});
    let kind = "aftersales.ticket.opened.v1".to_owned();
    yewu.deliver(&CloudEvent { kind, subject: id, data, ..yewu.envelope(&any, case) }).await;
    id
}
fn evidence() -> Value {
    json!({"evidence": {"channel": "email", "person": "李雷", "at": "2026-03-02T01:00:00Z"}})
}
