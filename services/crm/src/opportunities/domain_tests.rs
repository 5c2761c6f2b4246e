//! The machine of opportunities on one screen, and the exit criteria of stages.
use super::*;
use platform::ApiError;
use uuid::Uuid;
use wire::{
    Ownership,
    crm::{AccountProfile, Address, ExitCriterion, NewPipeline},
};

fn by() -> Stamp {
    let ownership = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "user:ann".into(), ownership }
}
fn pipeline() -> Pipeline {
    let stage = |key: &str, probability: &str, exit_criteria: &[ExitCriterion]| PipelineStage {
        key: key.parse().unwrap(),
        name_zh: "阶段".parse().unwrap(),
        name_en: "Stage".parse().unwrap(),
        probability: probability.parse().unwrap(),
        exit_criteria: exit_criteria.to_vec(),
    };
    let stages = vec![
        stage("a", "0.1", &[ExitCriterion::Need, ExitCriterion::Contact]),
        stage("b", "0.2", &[ExitCriterion::Amount, ExitCriterion::SpecConfirmed]),
        stage("c", "0.9", &[ExitCriterion::ExpectedClose]),
    ];
    let new = NewPipeline { name: "P".parse().unwrap(), stages };
    Pipeline::add(PipelineId(Uuid::nil()), new).unwrap().after().clone()
}
fn account() -> Account {
    let profile = AccountProfile {
        name: "晨光泵业".parse().unwrap(),
        phone: None,
        industry: None,
        tax_number: None,
        address: Address::default(),
        note: None,
        owner: None,
        external_refs: Vec::new(),
    };
    Account::open(AccountId(Uuid::nil()), "AC-1".into(), profile, Ownership::default(), &by()).unwrap().after().clone()
}
fn registered(amount: Option<&str>, contact: bool) -> Result<Change<Opportunity>, OpportunityRule> {
    let new = NewOpportunity {
        account_id: AccountId(Uuid::nil()),
        contact_id: contact.then_some(ContactId(Uuid::nil())),
        name: "二期泵站".parse().unwrap(),
        need: "12 pumps".parse().unwrap(),
        source: "exhibition".parse().unwrap(),
        amount: amount.map(|text| Money::new(Amount::new(text.parse().unwrap()), Currency::CNY)),
        expected_close: None,
        pipeline_id: None,
        external_refs: Vec::new(),
        is_new_business: false,
    };
    Opportunity::register(
        OpportunityId(Uuid::nil()),
        "OP-1".into(),
        Origin { case_id: CaseId(Uuid::nil()), lead_id: None },
        new,
        &account(),
        &pipeline(),
        &by(),
    )
}
fn opportunity(status: Status) -> Opportunity {
    Opportunity { status, ..registered(Some("100"), true).unwrap().after().clone() }
}
fn gates(error: &ApiError) -> Vec<(String, Option<String>)> {
    let problem = error.problem(platform::Language::English, String::new());
    problem.blocked_by.into_iter().map(|gate| (gate.gate, gate.reference)).collect()
}

#[test]
fn crm_02_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", opportunity(from).update(OpportunityPatch::default()).ok()),
            ("advance", opportunity(from).advance(&pipeline(), None, false, &by()).ok()),
            ("win", opportunity(from).win("best price".into(), None, &by()).ok()),
            ("lose", opportunity(from).lose("too dear".into(), &by()).ok()),
            ("invalidate", opportunity(from).invalidate("a student".into(), &by()).ok()),
            ("reopen", opportunity(from).reopen(&pipeline(), "they are back".into()).ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                let after = change.after();
                assert_eq!(after.version, 2, "{command} makes a version");
                table.push(format!(
                    "{from} {command} {} {} {:?}",
                    after.status,
                    after.probability,
                    change.event_types()
                ));
            }
        }
    }
    assert_eq!(
        table,
        [
            "open update open 0.1 []",
            "open advance open 0.2 [\"crm.opportunity.stage_changed.v1\"]",
            "open win won 1 [\"crm.opportunity.won.v1\"]",
            "open lose lost 0 [\"crm.opportunity.lost.v1\"]",
            "open invalidate invalid 0 [\"crm.opportunity.invalidated.v1\"]",
            "won reopen open 0.1 [\"crm.opportunity.reopened.v1\"]",
            "lost reopen open 0.1 [\"crm.opportunity.reopened.v1\"]",
            "invalid reopen open 0.1 [\"crm.opportunity.reopened.v1\"]",
        ]
    );
}

#[test]
fn crm_15_a_stage_is_left_only_when_its_exit_criteria_are_met() {
    let bare = registered(None, false).unwrap().after().clone();
    let refused = bare.clone().advance(&pipeline(), None, true, &by()).unwrap_err();
    assert_eq!(gates(&refused), [("contact".to_owned(), Some("a".to_owned()))]);
    let refused = bare.advance(&pipeline(), Some("c"), false, &by()).unwrap_err();
    let names: Vec<String> = gates(&refused).into_iter().map(|(gate, at)| format!("{gate}@{}", at.unwrap())).collect();
    assert_eq!(names, ["contact@a", "amount@b", "spec_confirmed@b"], "every stage on the way is looked at");
    let ready = opportunity(Status::Open);
    let there = ready.advance(&pipeline(), Some("c"), true, &by()).unwrap().after().clone();
    let history: Vec<&str> = there.stage_history.0.iter().map(|entry| entry.stage.as_str()).collect();
    assert_eq!((there.stage.as_str(), history), ("c", vec!["a", "c"]));
    assert_eq!(there.advance(&pipeline(), None, true, &by()).unwrap_err().code(), "opportunity.last_stage");
}

#[test]
fn crm_15_what_would_be_refused_is_known_before_it_is_asked_for() {
    let bare = registered(None, false).unwrap().after().clone();
    let ready = opportunity(Status::Open);
    let last = Opportunity { stage: "c".into(), ..ready.clone() };
    for (opportunity, confirmed) in [(bare, true), (ready.clone(), true), (last, true)] {
        let known = opportunity.can_go_on("advance", &pipeline(), confirmed).err();
        let asked = opportunity.advance(&pipeline(), None, confirmed, &by()).err();
        let told = |error: Option<ApiError>| error.map(|error| (error.code().to_owned(), gates(&error)));
        assert_eq!(told(known), told(asked));
    }
    let second = Opportunity { stage: "b".into(), ..ready };
    let closed = |confirmed| second.can_go_on("advance", &pipeline(), confirmed).map_err(|error| gates(&error));
    assert_eq!((closed(true), closed(false)), (Ok(()), Err(vec![("spec_confirmed".into(), Some("b".into()))])));
    assert!(second.can_go_on("mark_intent", &pipeline(), false).is_ok(), "it has no stage for that");
}

#[test]
fn crm_15_there_is_no_way_back_nor_to_nowhere() {
    let at = |to| opportunity(Status::Open).advance(&pipeline(), Some(to), true, &by()).unwrap_err().code().to_owned();
    assert_eq!((at("a"), at("x")), ("opportunity.stage_order".to_owned(), "opportunity.stage".to_owned()));
}

#[test]
fn crm_14_amounts_are_not_negative() {
    assert_eq!(registered(Some("-0.01"), true).unwrap_err(), OpportunityRule::Amount);
    assert!(registered(Some("0.00"), true).is_ok());
    assert!(registered(Some("0.01"), true).is_ok());
}
