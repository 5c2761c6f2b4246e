//! Requisitions over HTTP: asked for, approved by tier, asked for again.
use super::{fresh, path, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    approval::Approval,
    procurement::{Requisition, RequisitionStatus, Supplier},
};

pub const APPROVERS: &[&str] = &["department_head", "finance_manager", "vice_president"];

/// A chair at this price, for one who asked for nothing before.
pub fn chair(price: &str, tax_rate: &str) -> Value {
    json!({"category": "office_supplies", "currency": "CNY", "lines": [{"name": "办公椅", "specification": "带扶手", "unit": "把",
        "quantity": "1", "estimated_unit_price": price, "tax_rate": tax_rate, "purpose": "新员工"}]})
}
/// Someone of the sales department whom nobody has met.
fn someone(yewu: &Yewu) -> Client {
    yewu.user("technical", &fresh("tech"), "sales", "sales")
}
pub async fn drafted(client: &Client, body: Value) -> Requisition {
    client.post(&path("requisitions"), body).await.created()
}
pub async fn submitted(client: &Client, body: Value) -> Requisition {
    let draft = drafted(client, body).await;
    client.act(&at(&draft), "submit", json!({})).await.ok()
}
pub fn at(requisition: &Requisition) -> String {
    path(format!("requisitions/{}", requisition.id))
}
async fn approval(yewu: &Yewu, subject: Uuid) -> Approval {
    let about = path(format!("approvals?subject_id={subject}"));
    let page: Page<Approval> = yewu.role("auditor").get(&about).await.ok();
    page.items.into_iter().next().expect("an approval")
}
async fn vote(yewu: &Yewu, requisition: &Requisition, role: &str, verb: &str) -> testkit::Response {
    let approval = approval(yewu, requisition.id.into()).await;
    let approver = yewu.role(role);
    approver.act(&path(format!("approvals/{}", approval.id)), verb, json!({"comment": "已阅"})).await
}
/// All that are asked say yes.
pub async fn approve(yewu: &Yewu, requisition: &Requisition) -> Requisition {
    for role in ["department_head", "finance_manager", "department_head", "vice_president"] {
        if approval(yewu, requisition.id.into()).await.status.as_str() == "pending" {
            vote(yewu, requisition, role, "approve").await;
        }
    }
    yewu.role("buyer").get(&at(requisition)).await.ok()
}

#[test]
fn pro_02_a_requisition_says_what_for_and_is_approved_by_the_head_of_the_department() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let tech = someone(yewu);
        let buyer = yewu.role("buyer");
        let supplier: Supplier = buyer.post(&path("suppliers"), json!({"name": "上海办公"})).await.created();
        let mut body = chair("350.00", "0.13");
        body["recommended_supplier_id"] = json!(supplier.id);
        let mute = tech.post(&path("requisitions"), &body).await.problem(422, "requisition.recommendation_reason");
        assert_eq!(mute.errors[0].pointer, "/recommendation_reason");
        body["recommendation_reason"] = json!("原厂质保");
        let draft = drafted(&tech, body).await;
        assert!(draft.number.starts_with("PR-20"), "{}", draft.number);
        assert_eq!(
            (draft.status, draft.department.as_deref(), draft.requester.clone(), draft.totals.gross.to_string()),
            (RequisitionStatus::Draft, Some("sales"), draft.owner_id.clone(), "395.50 CNY".into())
        );
        assert!(draft.act_by_at.is_none() && draft.rolling_window.is_none());
        let at = at(&draft);
        someone(yewu).get(&at).await.problem(404, "not_found");
        tech.patch(&at, json!({"priority": "urgent"})).await.ok::<Requisition>();
        let asked: Requisition = tech.act(&at, "submit", json!({})).await.ok();
        assert_eq!(asked.status, RequisitionStatus::InApproval);
        assert!(asked.act_by_at.is_some() && asked.calendar_id == "cn");
        tech.patch(&at, json!({"priority": "normal"})).await.problem(409, "state.refused");
        tech.act(&at, "cancel", json!({"reason": "x"})).await.problem(409, "state.refused");
        let done: Approval = vote(yewu, &asked, "department_head", "approve").await.ok();
        assert_eq!(done.status.as_str(), "approved");
        let approved: Requisition = tech.get(&at).await.ok();
        assert!(approved.status == RequisitionStatus::Approved && approved.decided_at.is_some());
        let facts = format!("SELECT string_agg(kind, ' ' ORDER BY seq) FROM outbox WHERE subject = '{}'", asked.id);
        assert_eq!(
            yewu.sql("procurement", &facts).await,
            "procurement.requisition.submitted.v1 procurement.requisition.approved.v1"
        );
        let closed: Requisition = buyer.act(&at, "close", json!({"reason": "已有库存"})).await.ok();
        assert_eq!((closed.status, closed.reason.as_deref()), (RequisitionStatus::Closed, Some("已有库存")));
    });
}

#[test]
fn pro_02_a_line_is_an_item_of_ours_or_described_in_full() {
    run(async |yewu| {
        let buyer = yewu.role("buyer");
        let sku = fresh("SKU");
        buyer.post(&path("items"), super::new_item(&sku)).await.created::<wire::procurement::Item>();
        let mut body = chair("1.00", "0");
        body["lines"][0] = json!({"sku": sku, "quantity": "2", "purpose": "备件"});
        let known = drafted(&buyer, body.clone()).await;
        let line = &known.lines[0];
        assert_eq!(
            (line.name.as_str(), line.unit.as_str(), line.estimated_unit_price.to_string(), line.net.to_string()),
            ("离心泵", "台", "820.00".into(), "1640.00".into())
        );
        body["currency"] = json!("USD");
        let foreign = drafted(&buyer, body.clone()).await;
        assert_eq!(foreign.lines[0].estimated_unit_price.to_string(), "0.00", "its price is in another currency");
        body["currency"] = json!("CNY");
        body["lines"][0]["estimated_unit_price"] = json!("0");
        let unpriced = drafted(&buyer, body.clone()).await;
        let gate = buyer.act(&at(&unpriced), "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(gate.blocked_by[0].gate, "estimated_price");
        let refused = async |line: Value, code: &str| {
            let mut body = chair("1.00", "0");
            body["lines"][0] = line;
            buyer.post(&path("requisitions"), body).await.problem(422, code).errors[0].pointer.clone()
        };
        let unknown = json!({"sku": fresh("NO"), "quantity": "1", "purpose": "x"});
        assert_eq!(refused(unknown, "requisition.sku").await, "/lines/0/sku");
        let nameless = json!({"quantity": "1", "purpose": "x", "estimated_unit_price": "1", "unit": "把"});
        assert_eq!(refused(nameless, "requisition.name").await, "/lines/0/name");
        let mut odd = chair("1.00", "0");
        odd["category"] = json!("no_such");
        buyer.post(&path("requisitions"), odd).await.problem(422, "requisition.category");
        let mut stranger = chair("1.00", "0");
        stranger["recommended_supplier_id"] = json!(Uuid::now_v7());
        stranger["recommendation_reason"] = json!("x");
        buyer.post(&path("requisitions"), stranger).await.problem(422, "requisition.recommended_supplier");
        let mut shortage = chair("1.00", "0");
        shortage["source"] = json!("order");
        buyer.post(&path("requisitions"), shortage).await.problem(422, "requisition.source");
        yewu.role("auditor").post(&path("requisitions"), chair("1", "0")).await.problem(403, "permission.missing");
    });
}

#[test]
fn pro_04_d_01_each_tier_at_its_boundary() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let (head, finance) = ("department_head", "finance_manager");
        let both: &[&str] = &[finance, head];
        let table: [(&str, &[&[&str]]); 9] = [
            ("999.99", &[&[head]]),
            ("1000.00", &[&[head]]),
            ("1000.01", &[&[head], &[finance]]),
            ("1999.99", &[&[head], &[finance]]),
            ("2000.00", &[&[head], &[finance]]),
            ("2000.01", &[both]),
            ("4999.99", &[both]),
            ("5000.00", &[both, &["vice_president"]]),
            ("5000.01", &[both, &["vice_president"]]),
        ];
        for (total, chain) in table {
            let asked = submitted(&someone(yewu), chair(total, "0")).await;
            let steps = approval(yewu, asked.id.into()).await.steps;
            assert_eq!(steps.iter().map(|step| step.roles.clone()).collect::<Vec<_>>(), chain, "{total}");
        }
        // The tax counts: 885.00 net is 1000.05 gross.
        let taxed = submitted(&someone(yewu), chair("885.00", "0.13")).await;
        assert_eq!(
            (taxed.totals.gross.to_string(), approval(yewu, taxed.id.into()).await.steps.len()),
            ("1000.05 CNY".into(), 2)
        );
    });
}

#[test]
fn pro_04_d_01_at_5000_finance_and_department_decide_together_and_then_the_vice_president() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let asked = submitted(&someone(yewu), chair("5000.00", "0")).await;
        vote(yewu, &asked, "vice_president", "approve").await.problem(403, "approval.not_eligible");
        for (role, status) in
            [("department_head", "pending"), ("finance_manager", "pending"), ("vice_president", "approved")]
        {
            assert_eq!(vote(yewu, &asked, role, "approve").await.ok::<Approval>().status.as_str(), status, "{role}");
        }
    });
}

#[test]
fn pro_04_d_14_a_purchase_in_parts_is_approved_as_one() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let tech = someone(yewu);
        let first = submitted(&tech, chair("600.00", "0")).await;
        let window = first.rolling_window.clone().expect("known once submitted");
        assert_eq!((window.total.to_string(), window.requisitions.len()), ("600.00 CNY".into(), 0));
        let second = submitted(&tech, chair("400.01", "0")).await;
        let window = second.rolling_window.clone().expect("known once submitted");
        assert_eq!(
            (window.total.to_string(), window.requisitions[0].number.clone(), second.totals.gross.to_string()),
            ("1000.01 CNY".into(), first.number.clone(), "400.01 CNY".into())
        );
        assert_eq!(approval(yewu, second.id.into()).await.steps.len(), 2, "finance is asked too");
        let total = async |client: &Client, body: Value| {
            submitted(client, body).await.rolling_window.expect("known once submitted").total.to_string()
        };
        let mut other = chair("10.00", "0");
        other["category"] = json!("it_equipment");
        assert_eq!(total(&tech, other).await, "10.00 CNY", "another category");
        assert_eq!(total(&someone(yewu), chair("10.00", "0")).await, "10.00 CNY", "another requester");
        vote(yewu, &second, "department_head", "reject").await.ok::<Approval>();
        assert_eq!(total(&tech, chair("10.00", "0")).await, "610.00 CNY", "what was rejected does not count");
    });
}

#[test]
fn pro_04_d_14_other_suppliers_do_not_count_but_no_supplier_may_be_any() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let (tech, buyer) = (someone(yewu), yewu.role("buyer"));
        let supplier =
            async || -> Supplier { buyer.post(&path("suppliers"), json!({"name": "某商"})).await.created() };
        let (one, two) = (supplier().await, supplier().await);
        let of = |supplier: Option<&Supplier>, price: &str| {
            let mut body = chair(price, "0");
            if let Some(supplier) = supplier {
                body["recommended_supplier_id"] = json!(supplier.id);
                body["recommendation_reason"] = json!("熟悉");
            }
            body
        };
        let total = async |body: Value| {
            submitted(&tech, body).await.rolling_window.expect("known once submitted").total.to_string()
        };
        assert_eq!(total(of(Some(&one), "100.00")).await, "100.00 CNY");
        assert_eq!(total(of(Some(&two), "20.00")).await, "20.00 CNY");
        assert_eq!(total(of(Some(&one), "3.00")).await, "103.00 CNY");
        assert_eq!(total(of(None, "0.40")).await, "123.40 CNY");
        assert_eq!(total(of(Some(&two), "0.05")).await, "20.45 CNY");
        // Thirty days later only the newest still counts.
        let late = format!(
            "UPDATE requisitions SET submitted_at = submitted_at - interval '31 days' WHERE recommended_supplier_id = '{}'",
            one.id
        );
        yewu.as_owner("procurement", &late).await;
        assert_eq!(total(of(None, "0.01")).await, "20.46 CNY");
    });
}

#[test]
fn pro_04_d_14_two_halves_submitted_at_once_see_each_other() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let tech = someone(yewu);
        let (one, two) = (drafted(&tech, chair("700.00", "0")).await, drafted(&tech, chair("700.00", "0")).await);
        let submit = async |one: &Requisition| tech.act(&at(one), "submit", json!({})).await.ok::<Requisition>();
        let (one, two) = futures_util::future::join(submit(&one), submit(&two)).await;
        let total = |one: Requisition| one.rolling_window.expect("known once submitted").total.to_string();
        let mut totals = [total(one), total(two)];
        totals.sort();
        assert_eq!(totals, ["1400.00 CNY", "700.00 CNY"]);
    });
}

#[test]
fn pro_02_a_rejected_requisition_is_asked_for_again_and_both_know_of_each_other() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let tech = someone(yewu);
        let asked = submitted(&tech, chair("300.00", "0")).await;
        tech.act(&at(&asked), "resubmit", json!({})).await.problem(409, "state.refused");
        vote(yewu, &asked, "department_head", "reject").await.ok::<Approval>();
        let rejected: Requisition = tech.get(&at(&asked)).await.ok();
        assert_eq!((rejected.status, rejected.reason.as_deref()), (RequisitionStatus::Rejected, Some("已阅")));
        let again: Requisition = tech.act(&at(&asked), "resubmit", json!({})).await.created();
        assert_eq!((again.status, again.resubmitted_from_id), (RequisitionStatus::Draft, Some(asked.id)));
        assert_ne!(again.number, asked.number);
        let old: Requisition = tech.get(&at(&asked)).await.ok();
        assert_eq!(old.resubmitted_as_id, Some(again.id));
        tech.act(&at(&asked), "resubmit", json!({})).await.problem(409, "gate.closed");
        let mut lines = chair("250.00", "0")["lines"].clone();
        lines[0]["quantity"] = json!("1");
        tech.patch(&at(&again), json!({"lines": lines})).await.ok::<Requisition>();
        let asked: Requisition = tech.act(&at(&again), "submit", json!({})).await.ok();
        assert_eq!(asked.totals.gross.to_string(), "250.00 CNY");
        assert_eq!(approve(yewu, &asked).await.status, RequisitionStatus::Approved);
    });
}

#[test]
fn pro_04_the_maker_is_no_approver() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let head = yewu.role("department_head");
        let asked = submitted(&head, chair("10.00", "0")).await;
        vote(yewu, &asked, "department_head", "approve").await.problem(403, "approval.own_request");
        let approval = approval(yewu, asked.id.into()).await;
        let second = yewu.user("department_head", "department_head-2", "sales", "sales");
        second.act(&path(format!("approvals/{}", approval.id)), "approve", json!({})).await.ok::<Approval>();
        assert_eq!(head.get(&at(&asked)).await.ok::<Requisition>().status, RequisitionStatus::Approved);
    });
}
