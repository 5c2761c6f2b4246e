//! The machine of handovers on one screen, and every rule from both sides.
use super::*;
use platform::Rule;
use wire::{Ownership, crm::UserId};

fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
fn by() -> Stamp {
    Stamp { at: at("2026-03-02T01:00:00Z"), actor: "user:bob".into(), ownership: Ownership::default() }
}
fn person(reference: &str, status: DirectoryStatus) -> User {
    User {
        id: UserId(uuid::Uuid::nil()),
        reference: reference.into(),
        name: reference.into(),
        roles: Kept(vec!["sales_rep".into()]),
        department: Some("sales".into()),
        team: Some("east".into()),
        status,
        created_at: by().at,
        version: 1,
    }
}
fn new(scopes: &[HandoverScope], ends_at: Option<&str>) -> NewHandover {
    NewHandover {
        from: "ann".parse().unwrap(),
        to: "cat".parse().unwrap(),
        scopes: scopes.to_vec(),
        starts_at: at("2026-03-02T00:00:00Z"),
        ends_at: ends_at.map(at),
        reason: "leave".parse().unwrap(),
    }
}
fn plan(new: NewHandover, to: &User, others: &[Handover]) -> Result<Change<Handover>, HandoverRule> {
    let from = person("ann", DirectoryStatus::Inactive);
    Handover::plan(HandoverId(uuid::Uuid::nil()), "HO-1".into(), new, (&from, to), others, &by())
}
fn handover(status: Status) -> Handover {
    let to = person("cat", DirectoryStatus::Active);
    Handover { status, ..plan(new(&[HandoverScope::Leads], None), &to, &[]).unwrap().after().clone() }
}

#[test]
fn crm_51_the_whole_life_on_one_screen() {
    let to = person("cat", DirectoryStatus::Active);
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let one = || handover(from);
        let steps = [
            ("activate", one().activate(&to, &by()).ok()),
            ("revert", one().revert(&by()).ok()),
            ("make_permanent", one().make_permanent("left".into(), true, &by()).ok()),
            ("cancel", one().cancel("stays".into(), &by()).ok()),
        ];
        for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
            table.push(format!("{from} {command} {} {}", change.after().status, change.event_types().join(" ")));
        }
    }
    assert_eq!(
        table,
        [
            "planned activate active crm.handover.activated.v1",
            "planned cancel cancelled ",
            "active revert reverted crm.handover.reverted.v1",
            "active make_permanent permanent ",
        ]
    );
}

#[test]
fn crm_51_a_plan_names_two_people_scopes_and_a_window() {
    let (here, gone) = (person("cat", DirectoryStatus::Active), person("cat", DirectoryStatus::Inactive));
    let leads = &[HandoverScope::Leads][..];
    let code = |new, to: &User, others: &[Handover]| {
        plan(new, to, others).map_or_else(|rule| rule.code().to_owned(), |change| change.after().status.to_string())
    };
    assert_eq!(code(new(leads, None), &here, &[]), "planned", "for someone who has left already");
    assert_eq!(code(new(leads, None), &person("ann", DirectoryStatus::Active), &[]), "handover.same");
    assert_eq!(code(new(leads, None), &gone, &[]), "handover.to");
    assert_eq!(code(new(&[], None), &here, &[]), "handover.scopes");
    assert_eq!(code(new(&[HandoverScope::Leads, HandoverScope::Leads], None), &here, &[]), "handover.scopes");
    assert_eq!(code(new(leads, Some("2026-03-02T01:00:00Z")), &here, &[]), "handover.window", "now is over");
    assert_eq!(code(new(leads, Some("2026-03-02T01:00:00.000001Z")), &here, &[]), "planned");
    let ends_as_it_starts =
        NewHandover { starts_at: at("2026-03-05T00:00:00Z"), ..new(leads, Some("2026-03-05T00:00:00Z")) };
    assert_eq!(code(ends_as_it_starts, &here, &[]), "handover.window");
    assert_eq!(code(new(leads, None), &here, &[handover(Status::Active)]), "handover.taken");
    assert_eq!(code(new(&[HandoverScope::Orders], None), &here, &[handover(Status::Active)]), "planned");
}

#[test]
fn crm_51_what_has_not_passed_on_does_not_stay() {
    let stay = |passed_on| handover(Status::Active).make_permanent("left".into(), passed_on, &by());
    assert_eq!(stay(false).unwrap_err().code(), "handover.moving");
    assert_eq!(stay(true).unwrap().after().status, Status::Permanent);
}

#[test]
fn crm_51_what_has_come_in_the_way_since_keeps_one_from_beginning() {
    let (here, gone) = (person("cat", DirectoryStatus::Active), person("cat", DirectoryStatus::Inactive));
    let planned = |ends_at: Option<&str>| Handover { ends_at: ends_at.map(at), ..handover(Status::Planned) };
    let begin = |one: Handover, to: &User| {
        one.activate(to, &by()).map_or_else(|error| error.code().to_owned(), |c| c.after().status.to_string())
    };
    assert_eq!(begin(planned(None), &gone), "handover.gone");
    // It is 01:00.
    assert_eq!(begin(planned(Some("2026-03-02T00:59:59Z")), &here), "handover.over");
    assert_eq!(begin(planned(Some("2026-03-02T01:00:00Z")), &here), "handover.over");
    assert_eq!(begin(planned(Some("2026-03-02T01:00:01Z")), &here), "active");
    assert_eq!(begin(planned(None), &here), "active", "without an end");
}
