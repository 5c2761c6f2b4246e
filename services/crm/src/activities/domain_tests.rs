//! The machine of activities on one screen, and every rule from both sides.
use super::*;
use wire::{
    Ownership,
    crm::{DemoComparison, DemoVerdict},
};

fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
fn by() -> Stamp {
    Stamp { at: at("2026-03-02T01:00:00Z"), actor: "user:ann".into(), ownership: Ownership::default() }
}
fn activity(kind: Kind, status: Status) -> Activity {
    let new = NewActivity {
        kind,
        subject_kind: WorkSubject::Account,
        subject_id: Uuid::nil(),
        title: "first talk".parse().unwrap(),
        planned_at: by().at,
        note: None,
    };
    Activity { status, ..Activity::plan(ActivityId(Uuid::nil()), new, Linked::default(), &by()).after().clone() }
}
fn feedback(features: usize, comparisons: usize) -> DemoFeedback {
    let comparison = DemoComparison {
        competitor: "Rival".parse().unwrap(),
        aspect: "price".parse().unwrap(),
        verdict: DemoVerdict::Worse,
        note: None,
    };
    DemoFeedback {
        features: vec!["pressure".parse().unwrap(); features],
        reaction: "impressed".parse().unwrap(),
        comparisons: vec![comparison; comparisons],
    }
}
fn outcome(demo_feedback: Option<DemoFeedback>) -> CompleteActivity {
    CompleteActivity { outcome: "wants an offer".parse().unwrap(), done_at: None, demo_feedback }
}
fn report() -> SendActivity {
    SendActivity { report: "half done".parse().unwrap(), recipient: "李雷".parse().unwrap() }
}
fn code(outcome: platform::Result<Change<Activity>>) -> String {
    outcome.map_or_else(|refused| refused.code().to_owned(), |change| change.event_types().join(" "))
}

#[test]
fn crm_12_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for kind in [Kind::Call, Kind::ProgressReport] {
        for &from in Status::ALL {
            let one = || activity(kind, from);
            let steps = [
                ("update", one().update(ActivityPatch::default()).ok()),
                ("complete", one().complete(outcome(None), &by()).ok()),
                ("send", one().send(report(), &by()).ok()),
                ("cancel", one().cancel("moved".into()).ok()),
                ("miss", one().miss("nobody there".into()).ok()),
            ];
            for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
                table.push(format!("{kind} {from} {command} {}", change.after().status));
            }
        }
    }
    assert_eq!(
        table,
        [
            "call planned update planned",
            "call planned complete done",
            "call planned cancel cancelled",
            "call planned miss no_show",
            "progress_report planned update planned",
            "progress_report planned send sent",
            "progress_report planned cancel cancelled",
        ]
    );
}

#[test]
fn crm_12_what_took_place_did_not_take_place_in_the_future() {
    let when = |text| CompleteActivity { done_at: Some(at(text)), ..outcome(None) };
    let one = || activity(Kind::Visit, Status::Planned);
    assert_eq!(code(one().complete(when("2026-02-27T01:00:00Z"), &by())), "crm.activity.completed.v1");
    assert_eq!(code(one().complete(when("2026-03-02T01:01:00Z"), &by())), "crm.activity.completed.v1");
    assert_eq!(code(one().complete(when("2026-03-02T01:01:01Z"), &by())), "activity.done_at");
}

#[test]
fn crm_21_a_demonstration_is_done_with_its_feedback() {
    let both = "crm.activity.completed.v1 crm.demo.completed.v1";
    for (feedback, expected) in [
        (None, "activity.demo_feedback"),
        (Some(feedback(0, 1)), "activity.features"),
        (Some(feedback(1, 0)), "activity.comparisons"),
        (Some(feedback(1, 1)), both),
        (Some(feedback(50, 50)), both),
        (Some(feedback(51, 50)), "activity.features"),
        (Some(feedback(50, 51)), "activity.comparisons"),
    ] {
        assert_eq!(code(activity(Kind::Demo, Status::Planned).complete(outcome(feedback), &by())), expected);
    }
    let call = activity(Kind::Call, Status::Planned).complete(outcome(Some(feedback(1, 1))), &by());
    assert_eq!(code(call), "activity.no_demo");
}

#[test]
fn crm_27_a_progress_report_is_sent_and_told() {
    let sent = activity(Kind::ProgressReport, Status::Planned).send(report(), &by()).unwrap();
    assert_eq!(sent.event_types(), ["crm.progress_report.sent.v1"]);
    let row = sent.after();
    assert_eq!(
        (row.outcome.as_deref(), row.recipient.as_deref(), row.done_at),
        (Some("half done"), Some("李雷"), Some(by().at))
    );
}
