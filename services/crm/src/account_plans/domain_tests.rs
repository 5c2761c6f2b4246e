//! The whole machine of account plans on one screen, and what may still change when.
use super::*;
use uuid::Uuid;
use wire::{
    Ownership,
    crm::{AccountProfile, Address},
};

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
}
fn account() -> Account {
    let profile = AccountProfile {
        name: "晨光".parse().unwrap(),
        phone: None,
        industry: None,
        tax_number: None,
        address: Address::default(),
        note: None,
        owner: None,
        external_refs: Vec::new(),
    };
    let owner = Ownership { owner_id: Some("ben".into()), ..Ownership::default() };
    Account::open(AccountId(Uuid::nil()), "AC-1".into(), profile, owner, &by()).unwrap().after().clone()
}
fn drafted(goals: usize, actions: usize) -> Result<Change<AccountPlan>, AccountPlanRule> {
    let goal = AccountGoal { goal: "二期".parse().unwrap(), measure: "合同".parse().unwrap(), due_on: None };
    let action = PlannedAction { what: "x".parse().unwrap(), responsible: None, due_on: None, done: false };
    let new = NewAccountPlan {
        account_id: AccountId(Uuid::nil()),
        title: "拓展".parse().unwrap(),
        goals: vec![goal; goals],
        actions: vec![action; actions],
    };
    AccountPlan::draft(AccountPlanId(Uuid::nil()), "AP-1".into(), new, &account(), &by())
}
fn plan(status: Status) -> AccountPlan {
    AccountPlan { status, ..drafted(1, 1).unwrap().after().clone() }
}

#[test]
fn crm_38_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", plan(from).update(AccountPlanPatch::default()).ok()),
            ("activate", plan(from).activate().ok()),
            ("close", plan(from).close("二期已签".into()).ok()),
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
            "draft activate active [\"crm.account_plan.activated.v1\"]",
            "active update active []",
            "active close closed []",
        ]
    );
}

#[test]
fn crm_38_its_bounds_its_owner_and_what_is_settled() {
    assert!(drafted(0, 0).is_err() && drafted(1, 0).is_ok() && drafted(20, 0).is_ok() && drafted(21, 0).is_err());
    assert!(drafted(1, 100).is_ok() && drafted(1, 101).is_err());
    assert_eq!(plan(Status::Draft).owner_id.as_deref(), Some("ben"), "the customer's owner, not whoever drafts it");
    let title = || AccountPlanPatch { title: Some("x".parse().unwrap()), ..AccountPlanPatch::default() };
    assert!(plan(Status::Draft).update(title()).is_ok() && plan(Status::Active).update(title()).is_err());
    let actions = AccountPlanPatch { actions: Some(Vec::new()), ..AccountPlanPatch::default() };
    assert!(plan(Status::Active).update(actions).is_ok());
}
