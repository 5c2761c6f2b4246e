//! The machine of specifications on one screen, the clarifying loop, and every bound.
use super::*;
use wire::{
    EvidenceChannel, Ownership,
    crm::{SpecField, SpecPriority},
};

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
}
fn item(quantity: Option<&str>) -> SpecItem {
    let quantity = quantity.map(|text| text.parse().unwrap());
    SpecItem {
        id: None,
        field: SpecField::Quantity,
        priority: SpecPriority::Must,
        text: "12 pumps".parse().unwrap(),
        sku: None,
        quantity,
    }
}
fn spec(status: Status) -> RequirementSpec {
    RequirementSpec {
        id: RequirementSpecId(Uuid::nil()),
        number: "RS-1".into(),
        revision: 1,
        status,
        case_id: CaseId(Uuid::nil()),
        opportunity_id: OpportunityId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        title: "Pumps".into(),
        items: Kept(vec![item(None)]),
        clarifications: Kept(Vec::new()),
        loop_count: 0,
        reason: None,
        evidence: None,
        supersedes_id: None,
        owner_id: None,
        team_id: None,
        department_id: None,
        created_at: by().at,
        submitted_at: None,
        confirmed_at: None,
        version: 1,
    }
}
fn question(answer: Option<&str>) -> ClarifyRequirementSpec {
    ClarifyRequirementSpec {
        question: "which voltage?".parse().unwrap(),
        answer: answer.map(|text| text.parse().unwrap()),
    }
}
fn evidence() -> Evidence {
    Evidence {
        channel: EvidenceChannel::Email,
        person: "李雷".parse().unwrap(),
        at: by().at,
        note: None,
        attachment_id: None,
    }
}
fn asked(status: Status) -> RequirementSpec {
    spec(status)
        .clarify(Uuid::nil(), question(None), &by())
        .map_or_else(|_| spec(status), |change| change.after().clone())
}
fn answer() -> AnswerClarification {
    AnswerClarification { clarification_id: Uuid::nil(), answer: "380 V".parse().unwrap() }
}

#[test]
fn crm_18_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let open = || RequirementSpec { status: from, version: 1, ..asked(Status::Clarifying) };
        let steps = [
            ("update", spec(from).update(RequirementSpecPatch::default(), Uuid::nil).ok()),
            ("submit", spec(from).submit(&by()).ok()),
            ("clarify", spec(from).clarify(Uuid::nil(), question(None), &by()).ok()),
            ("answer", open().answer(answer(), &by()).ok()),
            ("request_change", spec(from).request_change("48 V".into()).ok()),
            ("confirm", spec(from).confirm(evidence(), &by()).ok()),
            ("supersede", spec(from).supersede().ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                assert_eq!(change.after().version, 2, "{command} makes a version");
                table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
            }
        }
        if let Ok(change) = spec(from).revise(RequirementSpecId(Uuid::max()), &by()) {
            let after = change.after();
            table.push(format!(
                "{from} revise: revision {} is {} and supersedes {:?}",
                after.revision,
                after.status,
                after.supersedes_id.is_some()
            ));
        }
    }
    assert_eq!(
        table,
        [
            "draft update draft []",
            "draft submit submitted [\"crm.requirement_spec.submitted.v1\"]",
            "submitted clarify clarifying []",
            "submitted request_change clarifying []",
            "submitted confirm confirmed [\"crm.requirement_spec.confirmed.v1\"]",
            "clarifying update clarifying []",
            "clarifying submit submitted [\"crm.requirement_spec.submitted.v1\"]",
            "clarifying clarify clarifying []",
            "clarifying answer clarifying []",
            "confirmed supersede superseded []",
            "confirmed revise: revision 2 is draft and supersedes true",
        ]
    );
}

#[test]
fn crm_19_it_goes_back_to_the_customer_when_every_question_is_answered() {
    let asked = asked(Status::Submitted);
    assert_eq!((asked.status, asked.loop_count), (Status::Clarifying, 1));
    let refused = asked.clone().submit(&by()).unwrap_err();
    assert!(matches!(&refused, Refused::Gates { closed, .. } if closed[0].gate == "clarification_open"), "{refused:?}");
    let answered = asked.answer(answer(), &by()).unwrap().after().clone();
    assert!(answered.clone().answer(answer(), &by()).is_err(), "an answer is not overwritten");
    let again = answered.submit(&by()).unwrap().after().clone();
    let third = again.request_change("48 V".into()).unwrap().after().clone();
    assert_eq!((third.status, third.loop_count), (Status::Clarifying, 2));
    let more = third.clarify(Uuid::max(), question(Some("yes")), &by()).unwrap().after().clone();
    assert_eq!(more.loop_count, 2, "only coming back from the customer is a loop");
    assert!(more.submit(&by()).is_ok(), "a question with its answer keeps nothing up");
}

#[test]
fn crm_18_a_specification_has_1_to_200_items_and_200_questions() {
    assert_eq!(items(Vec::new(), &[], Uuid::nil).unwrap_err(), SpecRule::Items { count: 0 });
    assert!(items(vec![item(None)], &[], Uuid::nil).is_ok());
    assert!(items(vec![item(Some("0.0001")); 200], &[], Uuid::nil).is_ok());
    assert_eq!(items(vec![item(None); 201], &[], Uuid::nil).unwrap_err(), SpecRule::Items { count: 201 });
    assert_eq!(items(vec![item(None), item(Some("0"))], &[], Uuid::nil).unwrap_err(), SpecRule::Quantity { index: 1 });
    let one = asked(Status::Clarifying).clarifications.0[0].clone();
    let with =
        |count: usize| RequirementSpec { clarifications: Kept(vec![one.clone(); count]), ..spec(Status::Clarifying) };
    assert!(with(199).clarify(Uuid::nil(), question(None), &by()).is_ok());
    assert!(with(200).clarify(Uuid::nil(), question(None), &by()).is_err());
}

#[test]
fn crm_18_an_item_that_is_sent_back_stays_the_same_item() {
    let mut last = 0;
    let mut ids = || {
        last += 1;
        Uuid::from_u128(last)
    };
    let named =
        |id: u128, text: &str| SpecItem { id: Some(Uuid::from_u128(id)), text: text.parse().unwrap(), ..item(None) };
    let numbers = |list: Vec<SpecItem>| list.iter().map(|item| item.id.unwrap().as_u128()).collect::<Vec<_>>();
    let first = items(vec![item(None), named(77, "nobody gave this id")], &[], &mut ids).unwrap();
    assert_eq!(first.iter().map(|item| item.id.unwrap().as_u128()).collect::<Vec<_>>(), [1, 2]);
    let sent = vec![named(2, "14 pumps"), item(None), named(2, "twice"), named(99, "a stranger")];
    assert_eq!(numbers(items(sent, &first, &mut ids).unwrap()), [2, 3, 4, 5]);
}
