//! SVC-01 to 05, 08, 09, 14: tickets until the customer is satisfied.
mod lives;
mod satisfaction;
mod timers;

use crate::{answers, contacted, delivery, of_order, path, run, told};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    CaseId, Page,
    aftersales::{Revisit, ServiceLevels, Survey, Ticket, TicketKind, TicketOutcome, TicketStatus},
    crm::{AccountCreated, AccountId, AccountSnapshot, ContactCreated, UserChanged, UserSnapshot},
    orders::{OrderCreated, OrderId},
};

async fn account(yewu: &Yewu) -> AccountId {
    let id = AccountId(Uuid::now_v7());
    let (number, name) = ("AC-2026-000001".into(), "晨光泵业".into());
    yewu.hear(&AccountCreated(AccountSnapshot {
        id,
        number,
        name,
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    }))
    .await;
    id
}
async fn employee(yewu: &Yewu, reference: &str, role: &str, department: &str) -> Client {
    let user = UserSnapshot {
        id: Uuid::now_v7().into(),
        reference: reference.into(),
        name: reference.into(),
        roles: vec![role.into()],
        department: Some(department.into()),
        team: Some(department.into()),
        active: true,
        version: 1,
    };
    yewu.hear(&UserChanged(user)).await;
    yewu.user(role, reference, department, department)
}
fn order(id: OrderId, account: AccountId) -> OrderCreated {
    let money = json!({"amount": "0.00", "currency": "CNY"});
    serde_json::from_value(json!({"order_id": id, "number": "SO-2026-000001", "origin": "direct", "contract_id": null, "quote_id": null,
        "account_id": account, "account_name": "晨光泵业", "lines": [], "totals": {"net": money, "tax": money, "gross": money},
        "payment_terms": [], "delivery_date": null, "external_refs": []}))
    .expect("the shape of the event")
}
fn new(kind: &str, account: AccountId) -> Value {
    json!({"kind": kind, "channel": "phone", "severity": "normal", "account_id": account,
        "contact": {"name": "李雷", "phone": "138 0013 8000"}, "description": "设备无法联网", "wish": "尽快修复", "sku": "P-40"})
}
fn evidence(yewu: &Yewu) -> Value {
    json!({"channel": "phone", "person": "李雷", "at": yewu.node.clock.now()})
}
async fn open(yewu: &Yewu, service: &Client, kind: &str) -> (String, Ticket) {
    let ticket: Ticket = service.post(&path("tickets"), new(kind, account(yewu).await)).await.created();
    (path(format!("tickets/{}", ticket.id)), ticket)
}
/// From triage to the solution.
async fn solve(service: &Client, at: &str) -> Ticket {
    if service.get(at).await.ok::<Ticket>().status == TicketStatus::New {
        service.act(at, "triage", json!({})).await.ok::<Ticket>();
        service.act(at, "assign", json!({"assignee": "customer_service-1"})).await.ok::<Ticket>();
    }
    service.act(at, "start", json!({})).await.ok::<Ticket>();
    service.act(at, "resolve", json!({"cause": "固件过旧", "solution": "已升级固件"})).await.ok()
}
fn actions(ticket: &Ticket) -> Vec<&str> {
    ticket.available_actions.iter().filter(|action| action.allowed).map(|action| action.action.as_str()).collect()
}

async fn solve_from_triage(service: &Client, at: &str) -> Ticket {
    service.act(at, "assign", json!({"assignee": "customer_service-1"})).await.ok::<Ticket>();
    service.act(at, "start", json!({})).await.ok::<Ticket>();
    assert_eq!(
        service.act(at, "resolve", json!({"solution": "已换新"})).await.problem(422, "ticket.cause").errors[0].pointer,
        "/cause"
    );
    service.act(at, "resolve", json!({"cause": "发错型号", "solution": "已换新"})).await.ok()
}
