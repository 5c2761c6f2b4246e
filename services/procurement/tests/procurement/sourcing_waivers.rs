//! Sourcing waivers: fewer than three quotes, with a reason, proof and an approver a tier up.
use super::{
    path, run,
    sourcing::{approve, at, attachment, buyer, new_rfq, requisition, supplier, suppliers},
};
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;
use wire::{
    Page,
    approval::Approval,
    procurement::{Requisition, Rfq, SourcingWaiver, SourcingWaiverId, SupplierId},
};

fn waiver_at(id: SourcingWaiverId) -> String {
    path(format!("sourcing-waivers/{id}"))
}
async fn new_waiver(buyer: &Client, requisition: &Requisition, supplier: SupplierId) -> Value {
    json!({"reason_code": "fewer_than_three", "justification": "本地仅一家合格", "supplier_id": supplier,
        "requisition_ids": [requisition.id], "attachment_id": attachment(buyer).await.id})
}
async fn submitted(buyer: &Client, requisition: &Requisition, supplier: SupplierId) -> SourcingWaiver {
    let body = new_waiver(buyer, requisition, supplier).await;
    let waiver: SourcingWaiver = buyer.post(&path("sourcing-waivers"), body).await.created();
    buyer.act(&waiver_at(waiver.id), "submit", json!({})).await.ok()
}

#[test]
fn pro_16_a_waiver_is_approved_by_one_person_a_tier_up() {
    run(async |yewu| {
        let (buyer, supplier) = (buyer(yewu), supplier(yewu).await);
        for (price, roles) in [
            ("999.99", vec!["finance_manager"]),
            ("1000.00", vec!["finance_manager"]),
            ("1000.01", vec!["vice_president"]),
            ("4999.99", vec!["vice_president"]),
            ("5000.00", vec!["general_manager", "ceo"]),
            ("5000.01", vec!["general_manager", "ceo"]),
        ] {
            let requisition = requisition(yewu, &[price], json!({})).await;
            let waiver = submitted(&buyer, &requisition, supplier).await;
            assert_eq!((waiver.status.as_str(), waiver.total.amount.to_string()), ("in_approval", price.to_owned()));
            let approval = approve(yewu, waiver.id.into()).await;
            assert_eq!(approval.steps.iter().map(|step| step.roles.clone()).collect::<Vec<_>>(), [roles], "{price}");
            let done: SourcingWaiver = buyer.get(&waiver_at(waiver.id)).await.ok();
            assert_eq!(done.status.as_str(), "approved");
        }
    });
}

#[test]
fn pro_16_fewer_than_three_are_asked_under_a_waiver_which_is_then_used_up() {
    run(async |yewu| {
        let (buyer, asked) = (buyer(yewu), suppliers(yewu, 2).await);
        let requisition = requisition(yewu, &["900.00"], json!({})).await;
        let waiver = submitted(&buyer, &requisition, asked[0]).await;
        let mut body = new_rfq(&requisition, &asked);
        body["sourcing_waiver_id"] = json!(waiver.id);
        let rfq: Rfq = buyer.post(&path("rfqs"), body).await.created();
        let problem = buyer.act(&at(rfq.id), "send", json!({})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].reference, Some(waiver.id.to_string()));
        approve(yewu, waiver.id.into()).await;
        let other = json!({"suppliers": [{"supplier_id": asked[1]}]});
        buyer.patch(&at(rfq.id), other).await.ok::<Rfq>();
        buyer.act(&at(rfq.id), "send", json!({})).await.problem(422, "rfq.sourcing_waiver");
        let both = json!({"suppliers": [{"supplier_id": asked[0]}, {"supplier_id": asked[1]}]});
        buyer.patch(&at(rfq.id), both).await.ok::<Rfq>();
        let sent: Rfq = buyer.act(&at(rfq.id), "send", json!({})).await.ok();
        assert_eq!(sent.status.as_str(), "sent");
        let used: SourcingWaiver = buyer.get(&waiver_at(waiver.id)).await.ok();
        assert_eq!((used.status.as_str(), used.used_at.is_some()), ("used", true));

        buyer.act(&at(rfq.id), "cancel", json!({"reason": "重新询价"})).await.ok::<Rfq>();
        let mut again = new_rfq(&requisition, &asked);
        again["sourcing_waiver_id"] = json!(waiver.id);
        let again: Rfq = buyer.post(&path("rfqs"), again).await.created();
        buyer.act(&at(again.id), "send", json!({})).await.problem(409, "gate.closed");
    });
}

#[test]
fn pro_16_a_waiver_needs_proof_an_approved_requisition_and_is_mended_after_a_no() {
    run(async |yewu| {
        let (buyer, one) = (buyer(yewu), supplier(yewu).await);
        let requisition = requisition(yewu, &["900.00"], json!({})).await;
        let good = new_waiver(&buyer, &requisition, one).await;
        let refused = async |field: &str, value: Value, code: &str| {
            let mut body = good.clone();
            body[field] = value;
            buyer.post(&path("sourcing-waivers"), body).await.problem(422, code).errors[0].pointer.clone()
        };
        assert_eq!(refused("attachment_id", json!(Uuid::now_v7()), "body.invalid").await, "/attachment_id");
        assert_eq!(refused("supplier_id", json!(Uuid::now_v7()), "body.invalid").await, "/supplier_id");
        let unknown = json!([Uuid::now_v7()]);
        assert_eq!(refused("requisition_ids", unknown, "sourcing_waiver.requisition").await, "/requisition_ids");
        let sales = yewu.role("sales_rep");
        sales.post(&path("sourcing-waivers"), &good).await.problem(403, "permission.missing");

        let first: SourcingWaiver = buyer.post(&path("sourcing-waivers"), &good).await.created();
        let second = new_waiver(&buyer, &requisition, one).await;
        let second: SourcingWaiver = buyer.post(&path("sourcing-waivers"), second).await.created();
        buyer.act(&waiver_at(first.id), "submit", json!({})).await.ok::<SourcingWaiver>();
        buyer.act(&waiver_at(second.id), "submit", json!({})).await.problem(409, "sourcing_waiver.taken");
        let query = path(format!("approvals?subject_id={}&status=pending", first.id));
        let approval = yewu.role("auditor").get(&query).await.ok::<Page<Approval>>().items.remove(0);
        let approval = path(format!("approvals/{}", approval.id));
        let no = json!({"comment": "请再询一家"});
        yewu.role("department_head").act(&approval, "reject", &no).await.problem(403, "approval.not_eligible");
        yewu.role("finance_manager").act(&approval, "reject", no).await.ok::<Approval>();
        let back: SourcingWaiver = buyer.get(&waiver_at(first.id)).await.ok();
        assert_eq!((back.status.as_str(), back.reason.as_deref()), ("rejected", Some("请再询一家")));
        buyer.act(&waiver_at(first.id), "submit", json!({})).await.problem(409, "state.refused");
        buyer.patch(&waiver_at(first.id), json!({"justification": "已再询，仍仅一家"})).await.ok::<SourcingWaiver>();
        buyer.act(&waiver_at(first.id), "submit", json!({})).await.ok::<SourcingWaiver>();
        let gone: SourcingWaiver = buyer.act(&waiver_at(second.id), "cancel", json!({"reason": "重复"})).await.ok();
        assert_eq!(gone.status.as_str(), "cancelled");
        let list: Page<SourcingWaiver> =
            buyer.get(&path(format!("sourcing-waivers?requisition_id={}", requisition.id))).await.ok();
        assert_eq!(list.items.len(), 2);
    });
}
