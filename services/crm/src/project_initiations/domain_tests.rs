//! The machine of project initiations on one screen, what must be there, and the pass mark.
use super::*;
use crate::{
    opportunities::for_tests::by,
    project_initiations::for_tests::{application, initiation},
    project_scoring::domain::tests::shipped,
};
use platform::{Language, Rule};
use wire::{Currency, Money};

#[test]
fn crm_54_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let one = || initiation(from);
        let steps = [
            ("update", one().update(application()).ok()),
            ("submit", one().submit(&shipped(), &by()).ok()),
            ("score", one().score("60".parse().unwrap()).ok()),
            ("request_approval", one().request_approval().ok()),
            ("approve", one().approve(&by()).ok()),
            ("reject", one().reject("预算".into(), &by()).ok()),
            ("number", one().number("PJ-1".into()).ok()),
            ("revise", one().revise("预算".into()).ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                assert_eq!(change.after().version, 2, "{command} makes a version");
                table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
            }
        }
    }
    assert_eq!(
        table,
        [
            "draft update draft []",
            "draft submit submitted []",
            "submitted score scored [\"crm.project_initiation.scored.v1\"]",
            "scored request_approval in_approval []",
            "scored revise draft []",
            "in_approval approve approved [\"crm.project_initiation.approved.v1\"]",
            "in_approval reject rejected []",
            "approved number numbered [\"crm.project.numbered.v1\"]",
            "rejected revise draft []",
        ]
    );
}

#[test]
fn crm_55_everything_that_is_missing_is_named_at_once() {
    let bare = Incomplete::check(&ProjectApplication::default()).unwrap_err();
    let pointers: Vec<String> = bare.fields(Language::English).into_iter().map(|error| error.pointer).collect();
    let fields = [
        "name",
        "applicant_title",
        "background",
        "goals",
        "scope",
        "expected_benefit",
        "staffing",
        "budget",
        "milestones",
        "total_days",
        "risks",
        "core_team",
    ];
    assert_eq!(pointers, fields.map(|field| format!("/application/{field}")));
    assert!(Incomplete::check(&application()).is_ok());
    let mut lacks: Vec<ProjectApplication> = vec![application(); 12];
    lacks[0].name = None;
    lacks[1].applicant_title = None;
    lacks[2].background = None;
    lacks[3].goals.clear();
    lacks[4].scope = None;
    lacks[5].expected_benefit = None;
    lacks[6].staffing.clear();
    lacks[7].budget = None;
    lacks[8].milestones.clear();
    lacks[9].total_days = None;
    lacks[10].risks.clear();
    lacks[11].core_team.clear();
    for (lacking, field) in lacks.iter().zip(fields) {
        assert_eq!(Incomplete::check(lacking), Err(Incomplete { fields: vec![field] }));
    }
}

#[test]
fn crm_55_a_budget_is_more_than_nothing() {
    let with = |amount: &str| {
        let budget = Some(Money::new(amount.parse().unwrap(), Currency::CNY));
        initiation(Status::Draft).update(ProjectApplication { budget, ..application() }).is_ok()
    };
    assert_eq!([with("-0.01"), with("0.00"), with("0.01")], [false, false, true]);
}

#[test]
fn crm_56_the_pass_mark_itself_passes() {
    let asked = |score: &str, mark: &str| {
        let scored = initiation(Status::Scored);
        ProjectInitiation { score: score.parse().ok(), pass_mark: mark.parse().ok(), ..scored }.request_approval()
    };
    assert!(matches!(asked("59.99", "60"), Err(Refused::Gates { closed, .. }) if closed[0].gate == "pass_mark"));
    assert!(asked("60", "60").is_ok());
    assert!(asked("60.01", "60").is_ok());
    assert!(asked("60", "60.01").is_err(), "the mark is data");
    let told = |score: &str| {
        let change = initiation(Status::Submitted).score(score.parse().unwrap()).unwrap();
        change.after().score.map(|score| score.to_string())
    };
    assert_eq!(told("59.99").as_deref(), Some("59.99"));
}

#[test]
fn crm_56_a_revision_is_scored_anew() {
    let again = initiation(Status::Rejected).revise("补充依据".into()).unwrap().after().clone();
    assert_eq!((again.round, again.score, again.pass_mark, again.scoring_policy_id), (2, None, None, None));
}
