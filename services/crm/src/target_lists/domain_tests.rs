//! The whole machine of target lists on one screen, and who may stand on one.
use super::*;
use wire::{Ownership, crm::CandidateKind};

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: Ownership::default() }
}
fn members(from: u128, count: u128) -> Vec<TargetMember> {
    let member = |n| TargetMember {
        kind: CandidateKind::Lead,
        id: Uuid::from_u128(n),
        number: "LD-1".into(),
        name: "晨光".into(),
        note: None,
    };
    (from..from + count).map(member).collect()
}
fn drafted(members: Vec<TargetMember>) -> Result<Change<TargetList>, TargetListRule> {
    let new = NewTargetList { name: "重点".parse().unwrap(), segment_id: None, members: Vec::new() };
    TargetList::draft(TargetListId(Uuid::nil()), "TL-1".into(), new, members, &by("user:ann"))
}
fn list(status: Status) -> TargetList {
    TargetList { status, ..drafted(members(1, 2)).unwrap().after().clone() }
}

#[test]
fn crm_10_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("add_members", list(from).put_on(members(9, 1), &by("user:ann")).ok()),
            ("remove_members", list(from).take_off(&[TargetSubjectId(Uuid::from_u128(1))], &by("user:ann")).ok()),
            ("approve", list(from).approve(&by("user:boss")).ok()),
            ("activate", list(from).activate().ok()),
            ("close", list(from).close().ok()),
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
            "draft add_members draft []",
            "draft remove_members draft []",
            "draft approve approved [\"crm.target_list.approved.v1\"]",
            "approved activate active []",
            "active close closed []",
        ]
    );
}

#[test]
fn crm_10_nobody_stands_on_it_twice_and_at_most_500_do() {
    assert!(drafted(members(1, 499)).unwrap().after().clone().put_on(members(900, 1), &by("user:ann")).is_ok());
    assert!(drafted(members(1, 500)).unwrap().after().clone().put_on(members(900, 1), &by("user:ann")).is_err());
    assert!(drafted(members(1, 501)).is_err());
    assert!(list(Status::Draft).put_on(members(2, 1), &by("user:ann")).is_err(), "stands there already");
    assert!(
        list(Status::Draft).take_off(&[TargetSubjectId(Uuid::from_u128(3))], &by("user:ann")).is_err(),
        "never stood there"
    );
}

#[test]
fn crm_10_another_approves_it_and_not_an_empty_one() {
    assert!(list(Status::Draft).approve(&by("user:ann")).is_err());
    let first = [TargetSubjectId(Uuid::from_u128(1))];
    let shorter = list(Status::Draft).take_off(&first, &by("user:boss")).unwrap().after().clone();
    let longer = list(Status::Draft).put_on(members(9, 1), &by("user:boss")).unwrap().after().clone();
    for changed in [shorter, longer] {
        assert!(changed.clone().approve(&by("user:boss")).is_err(), "nor does whoever changed it");
        assert!(changed.approve(&by("user:ceo")).is_ok());
    }
    let empty = drafted(Vec::new()).unwrap().after().clone();
    let refused = empty.approve(&by("user:boss")).unwrap_err();
    assert!(refused.to_string().contains("put somebody on the list"), "{refused}");
}
