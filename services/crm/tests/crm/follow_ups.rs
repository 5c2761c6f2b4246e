//! CRM-26: regular talks, and the ladder that a missed one climbs.
use crate::{BASE, account, facts, forward, joins, morning, path, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use wire::{
    Page,
    crm::{Account, EscalationLadder, FollowUp, FollowUpPlan, FollowUpPlanStatus, FollowUpStatus},
};

fn plan(account: &Account, recurrence: &str, starts_on: &str) -> Value {
    json!({"subject_kind": "account", "subject_id": account.id, "title": "定期沟通", "recurrence": recurrence, "starts_on": starts_on})
}
async fn follow_ups(client: &Client, plan: &FollowUpPlan) -> Vec<FollowUp> {
    let page: Page<FollowUp> = client.get(&format!("{BASE}/follow-ups?plan_id={}", plan.id)).await.ok();
    page.items
}
fn today(yewu: &Yewu) -> jiff::civil::Date {
    platform::calendar::Calendar::china().day(yewu.node.clock.now()).0
}

#[test]
fn crm_26_a_plan_says_what_is_wrong_with_it_and_ends_with_its_open_follow_ups() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        morning(&yewu);
        let sales = yewu.role("sales_rep");
        let customer = account(&sales).await;
        let plans = format!("{BASE}/follow-up-plans");
        let now = today(&yewu).to_string();
        let refused = sales.post(&plans, plan(&customer, "FREQ=HOURLY", &now)).await;
        assert_eq!(refused.problem(422, "recurrence.frequency").errors[0].pointer, "/recurrence");
        sales.post(&plans, plan(&customer, "FREQ=DAILY", "2026-01-05")).await.problem(422, "follow_up_plan.starts_on");
        let made: FollowUpPlan = sales.post(&plans, plan(&customer, "FREQ=DAILY;COUNT=2", &now)).await.created();
        assert_eq!(made.next_on.map(|day| day.to_string()), Some(now));
        assert!(follow_ups(&sales, &made).await.is_empty(), "the job makes them");
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        let one = follow_ups(&sales, &made).await;
        assert_eq!((one.len(), one[0].status, one[0].calendar_id.as_str()), (1, FollowUpStatus::Due, "cn"));
        let at = path("follow-ups", one[0].id);
        sales.act(&at, "complete", json!({"outcome": "已沟通"})).await.problem(422, "body.invalid");
        let said = json!({"outcome": "已沟通", "decision_progress": "等待预算审批"});
        let done: FollowUp = sales.act(&at, "complete", said.clone()).await.ok();
        assert_eq!((done.status, done.next_level_at), (FollowUpStatus::Done, None));
        sales.act(&at, "complete", said).await.problem(409, "state.refused");
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24));
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        let sales = yewu.role("sales_rep");
        let both = follow_ups(&sales, &made).await;
        assert_eq!((both.len(), both[0].status), (2, FollowUpStatus::Due), "newest first");
        let plan_at = path("follow-up-plans", made.id);
        assert_eq!(sales.get(&plan_at).await.ok::<FollowUpPlan>().next_on, None, "COUNT=2");
        let ended: FollowUpPlan = sales.act(&plan_at, "end", json!({"reason": "已签约"})).await.ok();
        assert_eq!(ended.status, FollowUpPlanStatus::Ended);
        let after: Vec<_> = follow_ups(&sales, &made).await.iter().map(|one| one.status).collect();
        assert_eq!(after, [FollowUpStatus::Cancelled, FollowUpStatus::Done]);
    });
}

#[test]
fn crm_26_a_missed_follow_up_goes_to_its_owner_then_the_manager_then_a_colleague() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        morning(&yewu);
        let team = "escalate";
        let owner = joins(&yewu, "sales_rep", team).await;
        let colleague = joins(&yewu, "sales_rep", team).await;
        let manager = joins(&yewu, "sales_manager", team).await;
        let as_owner = || yewu.user("sales_rep", &owner, "sales", team);
        let customer = account(&as_owner()).await;
        let now = today(&yewu).to_string();
        let made: FollowUpPlan = as_owner()
            .post(&format!("{BASE}/follow-up-plans"), plan(&customer, "FREQ=WEEKLY;COUNT=1", &now))
            .await
            .created();
        yewu.node.run_jobs().await.unwrap();
        let due = follow_ups(&as_owner(), &made).await.remove(0);
        let step = async |expected: (FollowUpStatus, i32, &String, &String)| {
            yewu.node.run_jobs().await.unwrap();
            let boss = yewu.user("sales_manager", &manager, "sales", team);
            let one: FollowUp = boss.get(&path("follow-ups", due.id)).await.ok();
            let seen = (one.status, one.level, one.told_to.clone(), one.owner_id.clone());
            assert_eq!(seen, (expected.0, expected.1, Some(expected.2.clone()), Some(expected.3.clone())));
            one
        };
        forward(&yewu, due.next_level_at.unwrap());
        let first = step((FollowUpStatus::Overdue, 1, &owner, &owner)).await;
        forward(&yewu, first.next_level_at.unwrap());
        let second = step((FollowUpStatus::Escalated, 2, &manager, &owner)).await;
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(step((FollowUpStatus::Escalated, 2, &manager, &owner)).await.version, second.version, "once a rung");
        let to_manager: Page<FollowUp> = yewu
            .user("sales_manager", &manager, "sales", team)
            .get(&format!("{BASE}/follow-ups?told_to={manager}"))
            .await
            .ok();
        assert_eq!(to_manager.items.len(), 1);
        forward(&yewu, second.next_level_at.unwrap());
        step((FollowUpStatus::Escalated, 3, &colleague, &colleague)).await;
        let next = yewu.user("sales_rep", &colleague, "sales", team);
        let plan: FollowUpPlan = next.get(&path("follow-up-plans", made.id)).await.ok();
        assert_eq!(plan.owner_id, Some(colleague.clone()), "the plan goes with it");
        as_owner().get(&path("follow-ups", due.id)).await.problem(404, "not_found");
        let said = json!({"outcome": "已沟通", "decision_progress": "本月决定"});
        next.act(&path("follow-ups", due.id), "complete", said).await.ok::<FollowUp>();
        assert_eq!(facts(&yewu, due.id).await, ["crm.follow_up.overdue.v1"; 3].join(" "));
    });
}

#[test]
fn crm_26_delays_are_data_that_a_manager_sets() {
    run(async |yewu| {
        let boss = yewu.role("sales_manager");
        let ladders: Vec<EscalationLadder> = boss.get(&format!("{BASE}/escalation-ladders")).await.ok();
        let ladder = ladders.iter().find(|ladder| ladder.kind == wire::crm::LadderKind::FollowUp).unwrap();
        let at = path("escalation-ladders", ladder.id);
        let set = |minutes: &[i32]| json!({"after_working_minutes": minutes});
        boss.patch(&at, set(&[0, 480])).await.problem(422, "escalation_ladder.rungs");
        let order = boss.patch(&at, set(&[10, 480, 479])).await.problem(422, "escalation_ladder.order");
        assert_eq!(order.errors[0].pointer, "/after_working_minutes/2");
        yewu.role("sales_rep").patch(&at, set(&[0, 0, 0])).await.problem(403, "permission.missing");
        let same: EscalationLadder = boss.patch(&at, set(&ladder.after_working_minutes)).await.ok();
        assert_eq!((same.version, same.calendar_id.as_str()), (ladder.version, "cn"), "nothing new, no version");
    });
}

#[test]
fn crm_26_other_delays_hold_from_the_next_rung_on() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        morning(&yewu);
        let team = "ladder";
        let (owner, manager) = (joins(&yewu, "sales_rep", team).await, joins(&yewu, "sales_manager", team).await);
        let boss = || yewu.user("sales_manager", &manager, "sales", team);
        let customer = account(&yewu.user("sales_rep", &owner, "sales", team)).await;
        let made: FollowUpPlan = yewu
            .user("sales_rep", &owner, "sales", team)
            .post(&format!("{BASE}/follow-up-plans"), plan(&customer, "FREQ=WEEKLY;COUNT=1", &today(&yewu).to_string()))
            .await
            .created();
        yewu.node.run_jobs().await.unwrap();
        let due = follow_ups(&boss(), &made).await.remove(0);
        forward(&yewu, due.next_level_at.unwrap());
        yewu.node.run_jobs().await.unwrap();
        let at = path("follow-ups", due.id);
        let first: FollowUp = boss().get(&at).await.ok();
        assert_eq!(first.level, 1);
        let ladders: Vec<EscalationLadder> = boss().get(&format!("{BASE}/escalation-ladders")).await.ok();
        let ladder = ladders.iter().find(|ladder| ladder.kind == wire::crm::LadderKind::FollowUp).unwrap();
        assert_eq!(ladder.after_working_minutes, [0, 480, 1440]);
        // The second rung would have been reached by this; the third comes two working days later than it would have.
        let delays = json!({"after_working_minutes": [0, 0, 2400]});
        boss().patch(&path("escalation-ladders", ladder.id), delays).await.ok::<EscalationLadder>();
        yewu.node.run_jobs().await.unwrap();
        let still: FollowUp = boss().get(&at).await.ok();
        assert_eq!((still.level, still.next_level_at, still.version), (1, first.next_level_at, first.version));
        forward(&yewu, first.next_level_at.unwrap());
        yewu.node.run_jobs().await.unwrap();
        let second: FollowUp = boss().get(&at).await.ok();
        let calendar = platform::calendar::Calendar::china();
        let after = |minutes| {
            let due = calendar.add_working_time(due.due_at.timestamp(), jiff::SignedDuration::from_mins(minutes));
            Some(wire::Moment::new(due.at))
        };
        assert_eq!((second.level, second.next_level_at), (2, after(2400)));
        assert_ne!(second.next_level_at, after(1440));
    });
}
