//! The customer says nothing: ORD-36 and decision D-13, on a clock of its own.
use crate::world::*;
use jiff::SignedDuration;
use serde_json::json;
use testkit::Yewu;
use wire::{
    Moment, Page,
    orders::{Acceptance, AcceptancePolicy, AcceptanceStatus, OnSilence, OrderStatus},
};

const POLICIES: &str = "/api/orders/v1/acceptance-policies";

/// Goes to so many seconds after a moment and lets the jobs run.
async fn pass(yewu: &Yewu, at: Moment, seconds: i64) {
    let span = at.timestamp().duration_since(yewu.node.clock.now().timestamp());
    yewu.node.clock.travel(span + SignedDuration::from_secs(seconds));
    yewu.node.run_jobs().await.expect("the jobs run");
}

async fn shown(yewu: &Yewu, id: impl std::fmt::Display) -> Acceptance {
    // A token lives a day, the customer has more of them.
    people(yewu).service.get(&format!("{ACCEPTANCES}/{id}")).await.ok()
}

#[test]
fn ord_36_silence_is_reminded_of_then_overdue_once_then_escalated_and_never_a_yes() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[orders::SERVICE], |_| {}, false).await;
        let order = delivered(&yewu, &people(&yewu)).await;
        let body = json!({"order_id": order.id, "criteria": ["满意度 ≥ 85"], "test_account": "demo / 8 位口令另发"});
        let invited: Acceptance = people(&yewu).service.post(ACCEPTANCES, body).await.created();
        assert_eq!(
            (
                invited.on_silence,
                invited.policy_number.as_str(),
                invited.test_account.as_deref(),
                invited.calendar_id.as_str()
            ),
            (OnSilence::Remind, "AP-1", Some("demo / 8 位口令另发"), "cn")
        );
        let due: Vec<Moment> = invited.steps.iter().map(|step| step.due_at).collect();
        let done = async || shown(&yewu, invited.id).await.steps.iter().filter(|step| step.done_at.is_some()).count();
        pass(&yewu, due[0], -5).await;
        assert_eq!(done().await, 0);
        pass(&yewu, due[0], 5).await;
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(done().await, 1, "once");
        pass(&yewu, due[1], 5).await;
        assert_eq!(done().await, 2);
        pass(&yewu, invited.due_at, -5).await;
        assert_eq!(shown(&yewu, invited.id).await.overdue_at, None, "five seconds are left");
        pass(&yewu, invited.due_at, 5).await;
        let late = shown(&yewu, invited.id).await;
        assert_eq!(
            (late.status, late.overdue_at.is_some(), late.escalated_at),
            (AcceptanceStatus::Invited, true, None)
        );
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(shown(&yewu, invited.id).await.version, late.version, "overdue once");
        pass(&yewu, *due.last().unwrap(), 5).await;
        let last = shown(&yewu, invited.id).await;
        assert_eq!(
            (last.status, last.escalated_at.is_some(), last.deemed_accepted),
            (AcceptanceStatus::Invited, true, false)
        );
        assert_eq!(get(&people(&yewu), order.id).await.status, OrderStatus::Delivered);
        let told = facts(&yewu, &order).await;
        let about: Vec<&str> = told.iter().filter_map(|fact| fact.strip_prefix("acceptance.")).collect();
        assert_eq!(about, ["invited", "reminded", "reminded", "overdue", "reminded", "escalated"]);
        let at = format!("{ACCEPTANCES}/{}", invited.id);
        let yes: Acceptance = people(&yewu).service.act(&at, "accept", evidence()).await.ok();
        assert_eq!(yes.status, AcceptanceStatus::Accepted, "late, but a yes");
    });
}

#[test]
fn ord_36_only_a_published_policy_makes_silence_a_yes_and_old_invitations_keep_theirs() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[orders::SERVICE], |_| {}, false).await;
        let people = people(&yewu);
        let before = delivered(&yewu, &people).await;
        let before: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": before.id})).await.created();
        let policy = json!({"on_silence": "deemed_accepted", "remind_working_days_before": [], "escalate_after_working_days": 3, "reason": "框架协议第 9 条"});
        people.service.post(POLICIES, &policy).await.problem(403, "permission.missing");
        let manager = yewu.user("general_manager", "gm-1", "management", "management");
        let mut wrong = policy.clone();
        wrong["remind_working_days_before"] = json!([7]);
        manager.post(POLICIES, wrong).await.problem(422, "acceptance_policy.reminders");
        let published: AcceptancePolicy = manager.post(POLICIES, &policy).await.created();
        let all: Page<AcceptancePolicy> = people.service.get(POLICIES).await.ok();
        let numbers: Vec<&str> = all.items.iter().map(|policy| policy.number.as_str()).collect();
        assert_eq!(numbers, [published.number.as_str(), "AP-1"]);
        // An id from a clock that went ahead, of a version before: the last version counts, not the greatest id.
        let ahead = "UPDATE acceptance_policies SET id = 'ffffffff-0000-7000-8000-000000000000' WHERE revision = 1";
        yewu.as_owner("orders", ahead).await;
        let order = delivered(&yewu, &people).await;
        paid(&yewu, &order, true).await;
        let invited: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        assert_eq!(invited.on_silence, OnSilence::DeemedAccepted);
        pass(&yewu, invited.due_at, 5).await;
        let deemed = shown(&yewu, invited.id).await;
        assert_eq!((deemed.status, deemed.deemed_accepted, deemed.evidence), (AcceptanceStatus::Accepted, true, None));
        assert_eq!(get(&crate::world::people(&yewu), order.id).await.status, OrderStatus::Completed, "it was paid");
        assert_eq!(shown(&yewu, before.id).await.status, AcceptanceStatus::Invited, "it was sent under another policy");
        let told = facts(&yewu, &order).await;
        assert_eq!(told[told.len() - 3..], ["acceptance.overdue", "order.accepted", "order.completed"]);
    });
}

#[test]
fn ord_36_who_answers_is_left_alone() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[orders::SERVICE], |_| {}, false).await;
        let people = people(&yewu);
        let order = delivered(&yewu, &people).await;
        let invited: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        let at = format!("{ACCEPTANCES}/{}", invited.id);
        let no: Acceptance = people.service.act(&at, "reject", json!({"reason": "第 3 台异响"})).await.ok();
        pass(&yewu, invited.due_at, 5).await;
        assert_eq!(shown(&yewu, invited.id).await.version, no.version);
    });
}
