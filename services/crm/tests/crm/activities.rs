//! CRM-12, 21, 27: what is planned with customers and what came of it.
use crate::{BASE, account, facts, lead, name, new_lead, opportunity, path, run, ticket};
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;
use wire::{
    CaseId, Page,
    crm::{Activity, ActivityStatus},
};

fn planned(kind: &str, subject: &str, id: impl std::fmt::Display) -> Value {
    json!({"kind": kind, "subject_kind": subject, "subject_id": id.to_string(), "title": "介绍公司", "planned_at": "2026-03-02T01:30:00Z"})
}
async fn plan(client: &Client, body: Value) -> Activity {
    client.post(&format!("{BASE}/activities"), body).await.created()
}

#[test]
fn crm_12_an_activity_is_planned_about_something_seen_and_done_with_an_outcome() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let lead = lead(&sales, new_lead(&name())).await;
        let call = plan(&sales, planned("call", "lead", lead.id)).await;
        assert_eq!((call.case_id, call.owner_id.as_deref()), (Some(lead.case_id), Some("sales_rep-1")));
        let at = path("activities", call.id);
        sales.act(&at, "complete", json!({})).await.problem(422, "body.invalid");
        sales.patch(&at, json!({"title": "首次电话"})).await.ok::<Activity>();
        let done: Activity = sales.act(&at, "complete", json!({"outcome": "有意向，要求报价"})).await.ok();
        assert_eq!(
            (done.status, done.title.as_str(), done.done_at.is_some()),
            (ActivityStatus::Done, "首次电话", true)
        );
        sales.act(&at, "cancel", json!({"reason": "x"})).await.problem(409, "state.refused");
        assert_eq!(facts(yewu, call.id).await, "crm.activity.completed.v1");

        let customer = account(&sales).await;
        let visit = plan(&sales, planned("visit", "account", customer.id)).await;
        let missed: Activity =
            sales.act(&path("activities", visit.id), "miss", json!({"reason": "客户临时出差"})).await.ok();
        assert_eq!((missed.status, missed.account_id), (ActivityStatus::NoShow, Some(customer.id)));
        let wechat = plan(&sales, planned("wechat", "account", customer.id)).await;
        let off: Activity =
            sales.act(&path("activities", wechat.id), "cancel", json!({"reason": "已电话沟通"})).await.ok();
        assert_eq!(off.status, ActivityStatus::Cancelled);
        assert_eq!(facts(yewu, visit.id).await, "");
        let list: Page<Activity> =
            sales.get(&format!("{BASE}/activities?account_id={}&kind=visit", customer.id)).await.ok();
        assert_eq!(list.items.iter().map(|row| row.id).collect::<Vec<_>>(), [visit.id]);

        let stranger = yewu.user("sales_rep", "stranger-activity", "sales", "west");
        stranger.get(&at).await.problem(404, "not_found");
        let unseen = stranger.post(&format!("{BASE}/activities"), planned("call", "lead", lead.id)).await;
        assert_eq!(unseen.problem(422, "body.invalid").errors[0].pointer, "/subject_id");
    });
}

#[test]
fn crm_12_a_ticket_of_aftersales_is_known_by_what_was_told_of_it() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let customer = account(&yewu.role("sales_rep")).await;
        let case = CaseId(Uuid::now_v7());
        let unknown = service.post(&format!("{BASE}/activities"), planned("call", "ticket", Uuid::now_v7())).await;
        assert_eq!(unknown.problem(422, "body.invalid").errors[0].pointer, "/subject_id");
        let ticket = ticket(yewu, customer.id, case).await;
        let call = plan(&service, planned("call", "ticket", ticket)).await;
        assert_eq!((call.case_id, call.account_id), (Some(case), Some(customer.id)));
    });
}

#[test]
fn crm_21_a_demonstration_tells_what_was_shown_and_how_rivals_compare() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let opportunity = opportunity(&sales).await;
        let demo = plan(&sales, planned("demo", "opportunity", opportunity.id)).await;
        let at = path("activities", demo.id);
        sales.act(&at, "complete", json!({"outcome": "满意"})).await.problem(422, "activity.demo_feedback");
        let feedback = json!({"features": ["变频控制", "远程监控"], "reaction": "认可节能效果",
            "comparisons": [{"competitor": "大河泵业", "aspect": "价格", "verdict": "worse", "note": "高 5%"}]});
        let done: Activity =
            sales.act(&at, "complete", json!({"outcome": "满意", "demo_feedback": feedback})).await.ok();
        assert_eq!(done.demo_feedback.unwrap().comparisons[0].competitor.as_str(), "大河泵业");
        assert_eq!(facts(yewu, demo.id).await, "crm.activity.completed.v1 crm.demo.completed.v1");
    });
}

#[test]
fn crm_27_a_progress_report_is_sent_not_completed() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let opportunity = opportunity(&sales).await;
        let report = plan(&sales, planned("progress_report", "opportunity", opportunity.id)).await;
        let at = path("activities", report.id);
        let refused = sales.act(&at, "complete", json!({"outcome": "x"})).await.problem(409, "gate.closed");
        assert_eq!(refused.blocked_by[0].gate, "activity_kind");
        let sent: Activity =
            sales.act(&at, "send", json!({"report": "设计已完成，下周试制", "recipient": "李雷"})).await.ok();
        assert_eq!((sent.status, sent.recipient.as_deref()), (ActivityStatus::Sent, Some("李雷")));
        assert_eq!(facts(yewu, report.id).await, "crm.progress_report.sent.v1");
        let call = plan(&sales, planned("call", "opportunity", opportunity.id)).await;
        let body = json!({"report": "x", "recipient": "y"});
        sales.act(&path("activities", call.id), "send", body).await.problem(409, "gate.closed");
    });
}
