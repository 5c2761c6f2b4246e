//! The machine of solutions on one screen; the matrix, the reviews and every number at its boundary.
use super::*;
use platform::Rule;
use std::fmt::Write;
use wire::{
    Ownership,
    crm::{SpecField, SpecItem, SpecPriority},
    quoting::{CoverSolution, CoverageStatus, ItemCoverage, ReviewSolution, SolutionElement, WaiveSolution},
};

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp {
        at,
        actor: format!("user:{actor}"),
        ownership: Ownership { owner_id: Some(actor.into()), ..Ownership::default() },
    }
}
fn ann() -> Stamp {
    by("ann")
}
fn item(id: u128, priority: SpecPriority) -> SpecItem {
    let id = Some(Uuid::from_u128(id));
    SpecItem { id, field: SpecField::Function, priority, text: "it pumps".parse().unwrap(), sku: None, quantity: None }
}
fn spec() -> RequirementSpecSnapshot {
    RequirementSpecSnapshot {
        id: RequirementSpecId(Uuid::from_u128(90)),
        number: "RS-1".into(),
        case_id: CaseId(Uuid::nil()),
        opportunity_id: OpportunityId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        status: "confirmed".into(),
        items: vec![item(1, SpecPriority::Must), item(2, SpecPriority::Must), item(3, SpecPriority::Should)],
        owner: None,
        version: 3,
    }
}
fn section(kind: SolutionSectionKind, keys: &[&str]) -> SolutionSection {
    let element = |key: &&str| SolutionElement { key: key.parse().unwrap(), title: "an element".parse().unwrap() };
    SolutionSection { kind, text: "text".parse().unwrap(), elements: keys.iter().map(element).collect() }
}
fn all_four() -> Vec<SolutionSection> {
    use SolutionSectionKind::{ImplementationPlan, ProductSelection, ServiceScope, TechnicalApproach};
    vec![
        section(ProductSelection, &["PUMP"]),
        section(TechnicalApproach, &["PLC"]),
        section(ServiceScope, &[]),
        section(ImplementationPlan, &["GO-LIVE"]),
    ]
}
fn draft_of(spec: &RequirementSpecSnapshot, sections: Vec<SolutionSection>) -> Result<Change<Solution>, SolutionRule> {
    let title = "Pumps".parse().unwrap();
    let new = NewSolution { requirement_spec_id: spec.id, title, account_segment: None, sections };
    Solution::draft(SolutionId(Uuid::nil()), "TS-1".into(), spec, new, &ann())
}
fn covers(id: u128, keys: &[&str]) -> CoverSolution {
    let elements = keys.iter().map(|key| key.parse().unwrap()).collect();
    CoverSolution { items: vec![ItemCoverage { item_id: Uuid::from_u128(id), elements }] }
}
fn waives(id: u128) -> WaiveSolution {
    WaiveSolution { item_id: Uuid::from_u128(id), reason: "done by others".parse().unwrap() }
}
fn complete() -> Solution {
    let draft = draft_of(&spec(), all_four()).unwrap().after().clone();
    let covered = draft.cover(covers(1, &["PUMP"]), &ann()).unwrap().after().clone();
    covered.waive(waives(2), &ann()).unwrap().after().clone()
}
fn says(feasibility: i16, advancement: i16) -> ReviewSolution {
    ReviewSolution { feasibility, advancement, comment: "seen".parse().unwrap() }
}
fn mark() -> PassMark {
    PassMark { pass_mark: 3 }
}
fn asked(reviewers: &[&str]) -> Solution {
    let reviewers = reviewers.iter().map(ToString::to_string).collect();
    complete().submit(reviewers, mark(), &ann()).unwrap().after().clone()
}
fn at(status: Status) -> Solution {
    Solution { status, version: 1, ..asked(&["bob"]) }
}
fn code<T>(outcome: platform::Result<T>) -> String {
    outcome.map_or_else(|error| error.code().to_owned(), |_| "fine".to_owned())
}

#[test]
fn quo_01_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let steps = [
            ("update", at(from).update(SolutionPatch::default(), None, &ann())),
            ("cover", at(from).cover(covers(3, &["PLC"]), &ann())),
            ("waive", at(from).waive(waives(3), &ann())),
            ("submit", at(from).submit(vec!["bob".into()], mark(), &ann())),
            ("review", at(from).review(says(3, 3), &by("bob"))),
            ("recall", at(from).recall("mend it".into()).map_err(Into::into)),
            ("offer", at(from).offer().map_err(Into::into)),
            ("accept", at(from).accept(&ann()).map_err(Into::into)),
            ("reject", at(from).reject("too dear".into(), &ann()).map_err(Into::into)),
            ("revise", at(from).revise(SolutionId(Uuid::max()), &ann()).map(|(old, _)| old).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let facts: Vec<_> = change.event_types().iter().filter_map(|kind| kind.split('.').nth(2)).collect();
                writeln!(table, "{from} {command} {} {facts:?}", change.after().status).unwrap();
                let info = Solution::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().version, 2, "{command} makes a version");
            }
        }
    }
    assert_eq!(
        table.lines().collect::<Vec<_>>(),
        [
            "draft update draft []",
            "draft cover draft [\"coverage_changed\"]",
            "draft waive draft [\"coverage_changed\"]",
            "draft submit in_review []",
            "in_review review approved [\"reviewed\", \"approved\"]",
            "in_review recall draft []",
            "approved offer submitted []",
            "approved revise superseded [\"coverage_changed\"]",
            "submitted accept accepted []",
            "submitted reject rejected []",
            "submitted revise superseded [\"coverage_changed\"]",
            "rejected revise superseded [\"coverage_changed\"]",
        ]
    );
}

#[test]
fn quo_01_it_goes_to_review_with_all_four_sections_only() {
    let closed = |sections: Vec<SolutionSection>| {
        let whole = Solution { sections: Kept(sections), ..complete() };
        whole.gates("submit").into_iter().map(|gate| gate.reference.unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(closed(all_four()), Vec::<String>::new());
    for missing in 0..4 {
        let mut three = all_four();
        let kind = three.remove(missing).kind;
        assert_eq!(closed(three), [kind.as_str()]);
    }
    assert_eq!(closed(Vec::new()).len(), 4);
    let twice = vec![section(SolutionSectionKind::ServiceScope, &[]); 2];
    assert_eq!(draft_of(&spec(), twice).unwrap_err(), SolutionRule::Section { index: 1 });
    let mut same_key = all_four();
    same_key[2] = section(SolutionSectionKind::ServiceScope, &["PUMP"]);
    assert_eq!(draft_of(&spec(), same_key).unwrap_err().code(), "solution.element_twice");
    let many = |count: usize| {
        let keys: Vec<String> = (0..count).map(|number| format!("E-{number}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        draft_of(&spec(), vec![section(SolutionSectionKind::ServiceScope, &keys)]).map(drop)
    };
    assert_eq!((many(100), many(101)), (Ok(()), Err(SolutionRule::Elements { index: 0 })));
}

#[test]
fn quo_03_every_must_item_is_covered_or_waived_before_review() {
    let closed = |solution: &Solution| {
        let gates = solution.gates("submit");
        assert!(gates.iter().all(|gate| gate.gate == "item_uncovered"), "{gates:?}");
        gates.len()
    };
    let none = draft_of(&spec(), all_four()).unwrap().after().clone();
    assert_eq!(closed(&none), 2, "the one that only should be may stay open");
    let one = none.cover(covers(1, &["PUMP", "PLC", "PUMP"]), &ann()).unwrap().after().clone();
    assert_eq!((closed(&one), one.coverage.0[0].elements.len()), (1, 2));
    let both = one.waive(waives(2), &by("mia")).unwrap().after().clone();
    assert_eq!((closed(&both), both.coverage().must, both.coverage().must_open), (0, 2, 0));
    let waived = &both.coverage.0[1];
    assert_eq!(
        (waived.waived_reason.as_deref(), waived.waived_by.as_deref()),
        (Some("done by others"), Some("user:mia"))
    );
    let again = both.clone().cover(covers(1, &[]), &ann()).unwrap().after().clone();
    assert_eq!(closed(&again), 1, "what nothing covers is open again");
    let moved = both.clone().cover(covers(2, &["PLC"]), &ann()).unwrap().after().clone();
    assert_eq!((moved.coverage.0[1].status, &moved.coverage.0[1].waived_reason), (CoverageStatus::Covered, &None));
    let problem = |outcome: platform::Result<Change<Solution>>| code(outcome);
    assert_eq!(problem(both.clone().cover(covers(9, &["PLC"]), &ann())), "solution.item");
    assert_eq!(problem(both.clone().waive(waives(9), &ann())), "solution.item");
    assert_eq!(problem(both.cover(covers(1, &["BOILER"]), &ann())), "solution.element");
}

#[test]
fn quo_03_what_is_told_is_the_whole_and_only_when_it_changes() {
    let told = |solution: &Solution| {
        let told = solution.coverage_told();
        let numbers = |ids: Vec<Uuid>| ids.into_iter().map(|id| id.as_u128()).collect::<Vec<_>>();
        (numbers(told.covered), numbers(told.waived))
    };
    let solution = complete();
    assert_eq!(told(&solution), (vec![1], vec![2]));
    let same = solution.clone().cover(covers(1, &["PLC"]), &ann()).unwrap();
    assert!(same.event_types().is_empty(), "covered by another element, but covered");
    let sections = Some(vec![section(SolutionSectionKind::ServiceScope, &["PLC"])]);
    let fewer = solution.clone().update(SolutionPatch { sections, ..SolutionPatch::default() }, None, &ann()).unwrap();
    assert_eq!(fewer.event_types(), ["quoting.solution.coverage_changed.v1"]);
    assert_eq!(told(fewer.after()), (vec![], vec![2]), "what no section names covers nothing");
    let later = RequirementSpecSnapshot {
        id: RequirementSpecId(Uuid::from_u128(91)),
        items: vec![item(2, SpecPriority::Must), item(4, SpecPriority::Must)],
        ..spec()
    };
    let moved = solution.update(SolutionPatch::default(), Some(&later), &ann()).unwrap().after().clone();
    assert_eq!((told(&moved), moved.coverage().must_open), ((vec![], vec![2]), 1), "what is in both stays");
    let (old, new) = at(Status::Approved).revise(SolutionId(Uuid::max()), &by("bob")).unwrap();
    assert_eq!((old.event_types().len(), new.event_types().len()), (1, 1));
    let after = new.after();
    assert_eq!((told(after), after.revision, after.version, after.round), ((vec![1], vec![2]), 2, 1, 0));
    assert_eq!(after.authors.0, ["user:ann", "user:bob"], "who made the one before had a hand in it");
}

#[test]
fn quo_03_it_rests_on_a_confirmed_specification_of_the_deal() {
    let refused = |spec: &RequirementSpecSnapshot| draft_of(spec, Vec::new()).map(drop).unwrap_err();
    let submitted = RequirementSpecSnapshot { status: "submitted".into(), ..spec() };
    assert_eq!(refused(&submitted), SolutionRule::Unconfirmed);
    assert_eq!(refused(&RequirementSpecSnapshot { items: Vec::new(), ..spec() }), SolutionRule::Itemless);
    let elsewhere = RequirementSpecSnapshot { case_id: CaseId(Uuid::max()), ..spec() };
    assert_eq!(code(complete().update(SolutionPatch::default(), Some(&elsewhere), &ann())), "solution.spec_case");
    let owned = |owner: Option<Ownership>| {
        draft_of(&RequirementSpecSnapshot { owner, ..spec() }, Vec::new()).unwrap().after().owner_id.clone()
    };
    let theirs = Ownership { owner_id: Some("lea".into()), ..Ownership::default() };
    assert_eq!((owned(Some(theirs)).as_deref(), owned(None).as_deref()), (Some("lea"), Some("ann")));
}

#[test]
fn quo_02_a_score_below_the_mark_sends_it_back_and_the_mark_itself_passes() {
    let says = |feasibility, advancement| {
        let change = asked(&["bob"]).review(says(feasibility, advancement), &by("bob")).unwrap();
        (change.after().status, change.after().reason.is_some())
    };
    assert_eq!(says(3, 3), (Status::Approved, false));
    assert_eq!(says(5, 4), (Status::Approved, false));
    assert_eq!(says(2, 5), (Status::Draft, true));
    assert_eq!(says(5, 2), (Status::Draft, true));
    for (feasibility, advancement, outcome) in [
        (0, 3, "solution.score"),
        (1, 3, "fine"),
        (5, 3, "fine"),
        (6, 3, "solution.score"),
        (3, 0, "solution.score"),
        (3, 6, "solution.score"),
    ] {
        let review = ReviewSolution { feasibility, advancement, comment: "x".parse().unwrap() };
        assert_eq!(code(asked(&["bob"]).review(review, &by("bob"))), outcome, "{feasibility} {advancement}");
    }
}

#[test]
fn quo_02_all_who_were_asked_must_pass_it_once_each_and_no_author_is_among_them() {
    let first = asked(&["bob", "eve"]).review(says(4, 4), &by("bob")).unwrap().after().clone();
    assert_eq!((first.status, first.reviews.0.len()), (Status::InReview, 1));
    assert_eq!(code(first.clone().review(says(4, 4), &by("bob"))), "solution.reviewed");
    assert_eq!(code(first.clone().review(says(4, 4), &by("mallory"))), "solution.not_asked");
    assert_eq!(code(first.clone().review(says(4, 4), &ann())), "solution.author");
    let back = first.clone().review(says(1, 4), &by("eve")).unwrap().after().clone();
    let again = back.submit(vec!["bob".into(), "eve".into()], mark(), &ann()).unwrap().after().clone();
    let bob = again.review(says(4, 4), &by("bob")).unwrap().after().clone();
    assert_eq!((bob.status, bob.round), (Status::InReview, 2), "a pass of the round before counts no more");
    let done = bob.review(says(4, 4), &by("eve")).unwrap();
    assert_eq!((done.after().status, done.after().reviews.0.len()), (Status::Approved, 4));
    let submit = |names: Vec<String>, by: &Stamp| code(complete().submit(names, mark(), by));
    let people = |count: usize| (0..count).map(|number| format!("p{number}")).collect::<Vec<_>>();
    assert_eq!(
        [0, 1, 10, 11].map(|count| submit(people(count), &ann())),
        ["solution.reviewers", "fine", "fine", "solution.reviewers"]
    );
    assert_eq!(submit(vec!["bob".into(), "bob".into()], &ann()), "solution.reviewers");
    assert_eq!(submit(vec!["ann".into()], &by("bob")), "solution.reviewer_is_author");
    assert_eq!(submit(vec!["bob".into()], &by("bob")), "solution.reviewer_is_author", "who submits has a hand in it");
}
