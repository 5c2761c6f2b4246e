//! The machine of follow-ups on one screen, and the ladder from both sides of each rung.
use super::*;
use wire::{
    crm::{EscalationLadderId, FollowUpPlanStatus, LadderKind},
    json::Kept,
};

fn at(text: &str) -> Stamp {
    let at = Moment::new(text.parse().unwrap());
    Stamp { at, actor: "job:escalate-follow-ups".into(), ownership: Ownership::default() }
}
fn owner(name: &str) -> Ownership {
    Ownership { owner_id: Some(name.into()), team_id: Some("east".into()), department_id: Some("sales".into()) }
}
fn ladder() -> EscalationLadder {
    let id = EscalationLadderId(Uuid::nil());
    EscalationLadder { id, kind: LadderKind::FollowUp, after_working_minutes: Kept(vec![0, 480, 1440]), version: 1 }
}
fn plan() -> FollowUpPlan {
    FollowUpPlan {
        id: FollowUpPlanId(Uuid::nil()),
        status: FollowUpPlanStatus::Active,
        subject_kind: WorkSubject::Account,
        subject_id: Uuid::nil(),
        case_id: None,
        account_id: None,
        title: "weekly talk".into(),
        recurrence: "FREQ=WEEKLY".into(),
        starts_on: "2026-03-06".parse().unwrap(),
        next_on: None,
        reason: None,
        owner_id: Some("ann".into()),
        team_id: Some("east".into()),
        department_id: Some("sales".into()),
        created_at: at("2026-03-02T01:00:00Z").at,
        version: 1,
    }
}
fn follow_up(day: &str) -> FollowUp {
    let made = at("2026-03-06T00:00:00Z");
    FollowUp::of(FollowUpId(Uuid::nil()), &plan(), day.parse().unwrap(), &ladder(), &made).after().clone()
}
fn whom() -> Concerned {
    Concerned { manager: Some("bob".into()), successor: Some(owner("cat")) }
}
fn result() -> CompleteFollowUp {
    CompleteFollowUp {
        outcome: "talked".parse().unwrap(),
        decision_progress: "budget is being asked for".parse().unwrap(),
    }
}

#[test]
fn crm_26_the_whole_life_on_one_screen() {
    let late = at("2026-04-01T01:00:00Z");
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let one = || FollowUp { status: from, ..follow_up("2026-03-06") };
        let steps = [
            ("complete", one().complete(result(), &late).ok()),
            ("escalate", one().escalate(whom(), &ladder(), &late).ok()),
            ("cancel", one().cancel().ok()),
        ];
        for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
            table.push(format!("{from} {command} {}", change.after().status));
        }
    }
    let from = |state: &str| {
        [format!("{state} complete done"), format!("{state} escalate overdue"), format!("{state} cancel cancelled")]
    };
    assert_eq!(table, [from("due"), from("overdue"), from("escalated")].concat());
}

#[test]
fn crm_26_it_is_due_by_closing_time_of_a_working_day() {
    assert_eq!(follow_up("2026-03-06").due_at.to_string(), "2026-03-06T10:00:00Z", "Friday, 18:00 in China");
    assert_eq!(follow_up("2026-03-07").due_at.to_string(), "2026-03-09T10:00:00Z", "Saturday counts on Monday");
    assert_eq!(follow_up("2026-02-16").due_at.to_string(), "2026-02-24T10:00:00Z", "after the Spring Festival");
}

#[test]
fn crm_26_the_ladder_is_climbed_after_each_rungs_time_not_at_it() {
    // Due on Friday at 18:00 in China; rungs at once, on Monday at 18:00 and on Wednesday at 18:00.
    let rungs = [
        ("2026-03-06T10:00:00Z", "2026-03-06T10:00:00.000001Z", Status::Overdue, "ann", "ann"),
        ("2026-03-09T10:00:00Z", "2026-03-09T10:00:00.000001Z", Status::Escalated, "bob", "ann"),
        ("2026-03-11T10:00:00Z", "2026-03-11T10:00:00.000001Z", Status::Escalated, "cat", "cat"),
    ];
    let mut one = follow_up("2026-03-06");
    for (level, (not_yet, then, status, told, has)) in (1..).zip(rungs) {
        let refused = one.clone().escalate(whom(), &ladder(), &at(not_yet)).unwrap_err();
        assert_eq!(refused.code(), "escalation_ladder.not_yet");
        let change = one.escalate(whom(), &ladder(), &at(then)).unwrap();
        assert_eq!(change.event_types(), ["crm.follow_up.overdue.v1"]);
        one = change.after().clone();
        assert_eq!((one.level, one.status), (level, status));
        assert_eq!((one.told_to.as_deref(), one.owner_id.as_deref()), (Some(told), Some(has)));
    }
    assert_eq!(one.next_level_at, None, "the top");
    assert_eq!(
        one.clone().escalate(whom(), &ladder(), &at("2027-01-01T00:00:00Z")).unwrap_err().code(),
        "escalation_ladder.not_yet"
    );
    let alone = FollowUp { level: 2, next_level_at: Some(one.due_at), ..follow_up("2026-03-06") };
    let kept = alone.escalate(Concerned::default(), &ladder(), &at("2026-03-12T00:00:00Z")).unwrap();
    assert_eq!(kept.after().owner_id.as_deref(), Some("ann"), "nobody else is there");
}
