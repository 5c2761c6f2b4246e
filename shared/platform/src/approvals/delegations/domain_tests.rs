//! Who may lend to whom, for how long, and the machine on one screen.
use super::*;
use crate::Rule;
use std::fmt::Write;
use uuid::Uuid;

const NOON: &str = "2026-03-02T04:00:00Z";

fn by(at: &str) -> Stamp {
    Stamp { at: Moment::new(at.parse().unwrap()), actor: "user:ann".into(), ownership: Ownership::default() }
}
fn person(reference: &str, role: Role) -> Person {
    Person { reference: reference.into(), roles: vec![role] }
}
fn parties() -> Parties {
    Parties {
        from: Some(person("ann", Role::Legal)),
        to: Some(person("ben", Role::SalesManager)),
        known_keys: vec!["contracts.contract.full".into()],
    }
}
fn new(to: &str, first: &str, last: &str, keys: &[&str]) -> NewDelegation {
    NewDelegation {
        from: None,
        to: to.parse().unwrap(),
        first_day: first.parse().unwrap(),
        last_day: last.parse().unwrap(),
        policy_keys: keys.iter().map(|key| key.parse().unwrap()).collect(),
        reason: "annual leave".parse().unwrap(),
    }
}
fn lent(new: NewDelegation, parties: &Parties) -> Result<Change<Delegation>, DelegationRule> {
    Delegation::lend(DelegationId(Uuid::nil()), "ann".into(), new, parties, "contracts", &by(NOON))
}
fn code(new: NewDelegation) -> Result<Status, String> {
    lent(new, &parties()).map(|change| change.after().status).map_err(|rule| rule.code().to_owned())
}

#[test]
fn plt_29_the_window_is_of_days_from_today_on_and_at_most_a_year_long() {
    assert_eq!(code(new("ben", "2026-03-02", "2026-03-02", &[])), Ok(Status::Active));
    assert_eq!(code(new("ben", "2026-03-03", "2026-03-03", &[])), Ok(Status::Scheduled));
    assert_eq!(code(new("ben", "2026-03-01", "2026-03-05", &[])), Err("delegation.past".into()));
    assert_eq!(code(new("ben", "2026-03-03", "2026-03-02", &[])), Err("delegation.window".into()));
    assert_eq!(code(new("ben", "2026-03-03", "2027-03-04", &[])), Ok(Status::Scheduled), "366 days later");
    assert_eq!(code(new("ben", "2026-03-03", "2027-03-05", &[])), Err("delegation.window".into()));
    let late = "2026-03-02T16:00:00Z";
    assert_eq!(by(late).today().to_string(), "2026-03-03", "the day is that of Asia/Shanghai");
}

#[test]
fn plt_29_both_sides_decide_here_and_nobody_lends_to_themselves() {
    let days = |to| new(to, "2026-03-02", "2026-03-05", &[]);
    assert_eq!(code(days("ann")), Err("delegation.oneself".into()));
    // Operations lends others' seats, but not to whoever asks for it.
    let lends = |asker: &str| {
        let by = Stamp { actor: format!("user:{asker}"), ..by(NOON) };
        let lent = Delegation::lend(DelegationId(Uuid::nil()), "ann".into(), days("ben"), &parties(), "contracts", &by);
        lent.map(|_| ()).map_err(|rule| (rule.code().to_owned(), rule.pointer()))
    };
    assert_eq!([lends("ops"), lends("ann")], [Ok(()), Ok(())]);
    assert_eq!(lends("ben"), Err(("delegation.to_yourself".into(), "/to".into())));
    let with = |parties: Parties| {
        lent(days("ben"), &parties).map(|_| ()).map_err(|rule| (rule.code().to_owned(), rule.pointer()))
    };
    assert_eq!(with(Parties { to: None, ..parties() }), Err(("delegation.unknown_person".into(), "/to".into())));
    assert_eq!(with(Parties { from: None, ..parties() }), Err(("delegation.unknown_person".into(), "/from".into())));
    let mute = Parties { to: Some(person("ben", Role::Warehouse)), ..parties() };
    assert_eq!(with(mute), Err(("delegation.may_not_decide".into(), "/to".into())));
}

#[test]
fn plt_29_only_policies_that_there_are_each_once() {
    let keys = |keys: &[&str]| code(new("ben", "2026-03-02", "2026-03-05", keys));
    assert_eq!(keys(&["contracts.contract.full"]), Ok(Status::Active));
    assert_eq!(keys(&["contracts.contract.full", "contracts.contract.full"]), Err("delegation.policy_keys".into()));
    assert_eq!(keys(&["contracts.contract.none"]), Err("delegation.unknown_policy".into()));
}

#[test]
fn plt_29_the_whole_life_on_one_screen() {
    let row = |status| {
        let lent = lent(new("ben", "2026-03-02", "2026-03-05", &[]), &parties()).unwrap();
        Delegation { status, ..lent.after().clone() }
    };
    let mut table = String::new();
    for &from in Status::ALL {
        let steps = [
            ("turn on the first day", row(from).turn("contracts", by(NOON).at)),
            ("turn after the last", row(from).turn("contracts", by("2026-03-05T16:00:00Z").at)),
            ("revoke", row(from).revoke("back early".into(), "contracts", &by(NOON))),
        ];
        for (step, outcome) in steps {
            if let Ok(change) = outcome {
                let told = change.event_types().join(" ");
                writeln!(table, "{from}, {step}: {} {told}", change.after().status).unwrap();
            }
        }
    }
    assert_eq!(
        table.lines().collect::<Vec<_>>(),
        [
            "scheduled, turn on the first day: active contracts.delegation.activated.v1",
            "scheduled, turn after the last: ended contracts.delegation.ended.v1",
            "scheduled, revoke: revoked contracts.delegation.ended.v1",
            "active, turn after the last: ended contracts.delegation.ended.v1",
            "active, revoke: revoked contracts.delegation.ended.v1",
        ]
    );
}
