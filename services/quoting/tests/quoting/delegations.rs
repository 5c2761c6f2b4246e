//! Delegations (PLT-29): an absent person's seat, lent, filled and taken back.
use crate::{QUOTES, approvals::joins, policies::asked};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    approval::Approval,
    delegation::{Delegation, DelegationStatus},
    quoting::Quote,
};

const DELEGATIONS: &str = "/api/quoting/v1/delegations";

/// A day so many days from today in Asia/Shanghai.
fn day(yewu: &Yewu, ahead: i64) -> String {
    let at = yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_hours(24 * ahead + 8);
    at.to_string()[..10].to_owned()
}
fn lend(yewu: &Yewu, to: &str, first: i64, last: i64) -> Value {
    json!({"to": to, "first_day": day(yewu, first), "last_day": day(yewu, last), "reason": "年假"})
}
fn place(approval: &Approval) -> String {
    format!("/api/quoting/v1/approvals/{}", approval.id)
}
async fn tray(client: &Client, quote: &Quote) -> Vec<Approval> {
    let path = format!("/api/quoting/v1/approvals?assignee=me&subject_id={}", quote.id);
    client.get(&path).await.ok::<Page<Approval>>().items
}
async fn alone() -> Yewu {
    let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
    yewu.staff(&["sales_manager", "finance_manager", "legal"]).await;
    yewu
}

#[test]
fn plt_29_a_delegate_decides_in_the_absent_persons_stead_and_the_vote_says_so() {
    testkit::alone(async || {
        let yewu = alone().await;
        let (absent, delegate) = (yewu.role("sales_manager"), yewu.role("finance_manager"));
        let (quote, asked) = asked(&yewu, &yewu.role("sales_rep"), "100.00").await;
        assert!(tray(&delegate, &quote).await.is_empty());
        delegate.act(&place(&asked), "approve", json!({})).await.problem(403, "approval.not_eligible");
        let made: Delegation = absent.post(DELEGATIONS, lend(&yewu, "finance_manager-1", 0, 3)).await.created();
        assert_eq!((made.status, made.from.as_str()), (DelegationStatus::Active, "sales_manager-1"));
        let waiting = tray(&delegate, &quote).await;
        assert_eq!(
            (waiting[0].my_seat.as_deref(), waiting[0].my_seat_for.as_deref()),
            (Some("sales_manager"), Some("sales_manager-1"))
        );
        assert!(waiting[0].available_actions.iter().all(|action| action.allowed));
        let stranger = json!({"comment": "fine", "on_behalf_of": "sales_manager-2"});
        delegate.act(&place(&asked), "approve", stranger).await.problem(403, "approval.no_delegation");
        let yes = json!({"comment": "同意", "on_behalf_of": "sales_manager-1"});
        let done: Approval = delegate.act(&place(&asked), "approve", yes).await.ok();
        let vote = &done.votes[0];
        assert_eq!(
            (done.status.as_str(), vote.approver.as_str(), vote.on_behalf_of.as_deref(), vote.role.as_str()),
            ("approved", "finance_manager-1", Some("sales_manager-1"), "sales_manager")
        );
        let fact = format!(
            "SELECT envelope::jsonb #>> '{{data,on_behalf_of}}' FROM outbox WHERE kind = 'quoting.approval.decided.v1' AND subject = '{}'",
            asked.id
        );
        assert_eq!(yewu.sql("quoting", &fact).await, "sales_manager-1");
        let audit = format!(
            "SELECT actor || ' ' || (changes LIKE '%\"on_behalf_of\":\"sales_manager-1\"%')::text FROM audit_log WHERE entity_id = '{}' AND action = 'approve'",
            asked.id
        );
        assert_eq!(yewu.sql("quoting", &audit).await, "user:finance_manager-1 true");
    });
}

#[test]
fn plt_29_a_lent_seat_reaches_as_far_as_the_absent_persons_and_for_the_named_policies_only() {
    testkit::alone(async || {
        let yewu = alone().await;
        let absent = yewu.role("sales_manager");
        let north = joins(&yewu, "sales_manager", "manager-north", "north").await;
        let (quote, asked) = asked(&yewu, &yewu.role("sales_rep"), "100.00").await;
        north.get(&place(&asked)).await.problem(404, "not_found");
        let mut other = lend(&yewu, "manager-north", 0, 0);
        other["policy_keys"] = json!(["quoting.quote.low_margin"]);
        absent.post(DELEGATIONS, &other).await.created::<Delegation>();
        assert!(tray(&north, &quote).await.is_empty(), "lent for another policy");
        north.get(&place(&asked)).await.problem(404, "not_found");
        other["policy_keys"] = json!(["quoting.quote"]);
        let made: Delegation = absent.post(DELEGATIONS, &other).await.created();
        assert_eq!(tray(&north, &quote).await.len(), 1);
        north.get(&place(&asked)).await.ok::<Approval>();
        let path = format!("{DELEGATIONS}/{}", made.id);
        north.act(&path, "revoke", json!({"reason": "x"})).await.problem(404, "not_found");
        let gone: Delegation = absent.act(&path, "revoke", json!({"reason": "提前返岗"})).await.ok();
        assert_eq!((gone.status, gone.ended_at.is_some()), (DelegationStatus::Revoked, true));
        assert!(tray(&north, &quote).await.is_empty());
        let headers = [("if-match", "\"1\""), ("idempotency-key", &Uuid::now_v7().to_string())];
        let (path_of_vote, vote) = (format!("{}/approve", place(&asked)), json!({}));
        north.send(reqwest::Method::POST, &path_of_vote, &headers, Some(&vote)).await.problem(404, "not_found");
        absent.act(&path, "revoke", json!({"reason": "again"})).await.problem(409, "state.refused");
    });
}

#[test]
fn plt_29_neither_maker_nor_delegate_of_the_maker_decides_nor_one_person_for_two() {
    testkit::alone(async || {
        let yewu = alone().await;
        let policy = "INSERT INTO approval_policies (key, version, steps, effective_from, published_by) VALUES ('quoting.quote', 2, \
            '[{\"name\": \"both\", \"mode\": \"all\", \"roles\": [\"sales_manager\", \"finance_manager\"]}]', '2026-01-01T00:00:00Z', 'test')";
        yewu.as_owner("quoting", policy).await;
        let (absent, delegate) = (yewu.role("sales_manager"), yewu.role("finance_manager"));
        let maker = yewu.user("sales_manager", "sales_manager-2", "sales", "sales");
        absent.post(DELEGATIONS, lend(&yewu, "sales_manager-2", 0, 0)).await.created::<Delegation>();
        absent.post(DELEGATIONS, lend(&yewu, "finance_manager-1", 0, 0)).await.created::<Delegation>();
        let (quote, asked_for) = asked(&yewu, &maker, "100.00").await;
        maker.act(&place(&asked_for), "approve", json!({})).await.problem(403, "approval.own_request");
        assert!(tray(&maker, &quote).await.is_empty());
        let half: Approval =
            delegate.act(&place(&asked_for), "approve", json!({"on_behalf_of": "sales_manager-1"})).await.ok();
        assert_eq!((half.status.as_str(), half.my_seat), ("pending", None), "not the other seat too");
        assert!(tray(&delegate, &quote).await.is_empty());
        delegate.act(&place(&asked_for), "approve", json!({})).await.problem(409, "approval.already_voted");
        absent.act(&place(&asked_for), "approve", json!({})).await.problem(409, "approval.already_voted");
        let colleague = yewu.user("finance_manager", "finance_manager-2", "sales", "sales");
        assert_eq!(
            colleague.act(&place(&asked_for), "approve", json!({})).await.ok::<Approval>().status.as_str(),
            "approved"
        );
        let (quote, own) = asked(&yewu, &absent, "100.00").await;
        let theirs = json!({"on_behalf_of": "sales_manager-1"});
        delegate.act(&place(&own), "approve", theirs).await.problem(403, "approval.delegators_request");
        assert_eq!(tray(&delegate, &quote).await[0].my_seat_for, None, "the own seat is open still");
    });
}

#[test]
fn plt_29_one_lends_ones_own_seats_operations_those_of_others_and_both_sides_see_it() {
    testkit::alone(async || {
        let yewu = alone().await;
        let (absent, ops) = (yewu.role("sales_manager"), yewu.role("ops"));
        let mut others = lend(&yewu, "legal-1", 0, 1);
        others["from"] = json!("sales_manager-2");
        absent.post(DELEGATIONS, &others).await.problem(403, "delegation.not_yours");
        let made: Delegation = ops.post(DELEGATIONS, &others).await.created();
        assert_eq!((made.from.as_str(), made.created_by.as_str()), ("sales_manager-2", "user:ops-1"));
        let greedy = yewu.user("ops legal", "legal-1", "sales", "sales");
        let own = greedy.post(DELEGATIONS, &others).await.problem(403, "delegation.to_yourself");
        assert_eq!(own.errors[0].pointer, "/to");
        yewu.role("sales_rep").post(DELEGATIONS, lend(&yewu, "legal-1", 0, 1)).await.problem(403, "permission.missing");
        absent.post(DELEGATIONS, lend(&yewu, "nobody", 0, 1)).await.problem(422, "delegation.unknown_person");
        absent.post(DELEGATIONS, lend(&yewu, "sales_manager-1", 0, 1)).await.problem(422, "delegation.oneself");
        absent.post(DELEGATIONS, lend(&yewu, "legal-1", -1, 1)).await.problem(422, "delegation.past");
        absent.post(DELEGATIONS, lend(&yewu, "legal-1", 1, 0)).await.problem(422, "delegation.window");
        let seen = async |client: &Client| client.get(DELEGATIONS).await.ok::<Page<Delegation>>().items.len();
        assert_eq!(
            (seen(&yewu.role("legal")).await, seen(&absent).await, seen(&yewu.role("auditor")).await),
            (1, 0, 1)
        );
        yewu.role("legal").get(&format!("{DELEGATIONS}/{}", made.id)).await.ok::<Delegation>();
        absent.get(&format!("{DELEGATIONS}/{}", made.id)).await.problem(404, "not_found");
    });
}

#[test]
fn plt_29_the_window_opens_and_closes_by_the_day() {
    testkit::alone(async || {
        let yewu = alone().await;
        let (absent, delegate) = (yewu.role("sales_manager"), yewu.role("legal"));
        let made: Delegation = absent.post(DELEGATIONS, lend(&yewu, "legal-1", 1, 2)).await.created();
        assert_eq!(made.status, DelegationStatus::Scheduled);
        let (quote, _) = asked(&yewu, &yewu.role("sales_rep"), "100.00").await;
        assert!(tray(&delegate, &quote).await.is_empty(), "not yet");
        let shift =
            |days: i32| format!("UPDATE delegations SET first_day = first_day - {days}, last_day = last_day - {days}");
        yewu.as_owner("quoting", &shift(1)).await;
        assert_eq!(tray(&delegate, &quote).await.len(), 1, "the days decide, before any job has run");
        yewu.node.run_jobs().await.unwrap();
        let told = async || {
            yewu.sql(
                "quoting",
                &format!("SELECT string_agg(kind, ' ' ORDER BY seq) FROM outbox WHERE subject = '{}'", made.id),
            )
            .await
        };
        assert_eq!(told().await, "quoting.delegation.activated.v1");
        yewu.as_owner("quoting", &shift(2)).await;
        assert!(tray(&delegate, &quote).await.is_empty(), "over");
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(told().await, "quoting.delegation.activated.v1 quoting.delegation.ended.v1");
        let ended: Delegation = absent.get(&format!("{DELEGATIONS}/{}", made.id)).await.ok();
        assert_eq!(ended.status, DelegationStatus::Ended);
        let path = format!("{QUOTES}/{}", quote.id);
        assert_eq!(absent.get(&path).await.ok::<Quote>().status.as_str(), "pending_approval");
    });
}
