//! The machine of revisits on one screen, and the due date at every edge of the China calendar.
use super::*;
use wire::{EvidenceChannel, orders::ShipmentSnapshot};

fn moment(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
fn by() -> Stamp {
    let ownership = wire::Ownership { owner_id: Some("ann".into()), ..wire::Ownership::default() };
    Stamp { at: moment("2026-03-05T02:00:00Z"), actor: "user:eve".into(), ownership }
}
fn delivered(at: &str) -> Change<Revisit> {
    let shipment = ShipmentSnapshot {
        shipment_id: ShipmentId(Uuid::nil()),
        number: "SH-1".into(),
        order_id: OrderId(Uuid::nil()),
        order_number: "SO-1".into(),
        account_id: AccountId(Uuid::nil()),
        account_name: "晨光泵业".into(),
        lines: Vec::new(),
    };
    let birth = Birth { id: RevisitId(Uuid::nil()), number: "RV-1".into(), case_id: None, cause_event_id: None };
    Revisit::schedule(birth, ShipmentDelivered { shipment, delivered_at: moment(at), signer: "李雷".into() }, &by())
}
fn revisit(status: Status) -> Revisit {
    let mut revisit = delivered("2026-03-02T02:00:00Z").after().clone();
    revisit.status = status;
    revisit
}
fn call(reached: bool) -> ContactRevisit {
    let person = reached.then(|| "李雷".parse().unwrap());
    ContactRevisit { reached, channel: EvidenceChannel::Phone, person, note: None }
}
fn linked(n: u128) -> RevisitTicket {
    RevisitTicket { ticket_id: TicketId(Uuid::from_u128(n)), number: format!("TK-{n}"), outcome: None }
}
fn put_off(to: &str) -> RescheduleRevisit {
    RescheduleRevisit { due_at: moment(to), reason: "出差".parse().unwrap() }
}
fn person(role: &str, active: bool) -> UserSnapshot {
    let (reference, name) = ("eve".to_owned(), "Eve".to_owned());
    UserSnapshot {
        id: Uuid::nil().into(),
        reference,
        name,
        roles: vec![role.into()],
        department: None,
        team: None,
        active,
        version: 1,
    }
}

#[test]
fn svc_12_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let survey = SurveyId(Uuid::nil());
        let third = || Revisit { tries: 2, ..revisit(from) };
        let steps = [
            ("assign", revisit(from).assign(&person("customer_service", true))),
            ("contact", revisit(from).contact(call(true), survey, &by())),
            ("contact", revisit(from).contact(call(false), survey, &by())),
            ("contact", third().contact(call(false), survey, &by())),
            ("reschedule", revisit(from).reschedule(put_off("2026-03-06T02:00:00Z"), &by())),
            ("close", revisit(from).close(Some("ok".parse().unwrap()), &by())),
            ("answer", revisit(from).answered(Some(true), None).map_err(Into::into)),
            ("overdue", revisit(from).overdue(&by()).map_err(Into::into)),
            ("link_ticket", revisit(from).link_ticket(linked(1)).map_err(Into::into)),
            (
                "settle_ticket",
                revisit(from).settle_ticket(linked(1).ticket_id, TicketOutcome::Confirmed).map_err(Into::into),
            ),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let info = Revisit::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().version, 2, "{command} makes a version");
                table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
            }
        }
    }
    assert_eq!(
        table,
        [
            "scheduled assign scheduled []",
            "scheduled contact contacted []",
            "scheduled contact scheduled []",
            "scheduled contact unreachable [\"aftersales.revisit.unreachable.v1\"]",
            "scheduled reschedule scheduled [\"aftersales.revisit.scheduled.v1\"]",
            "scheduled overdue scheduled [\"aftersales.revisit.overdue.v1\"]",
            "scheduled link_ticket scheduled []",
            "scheduled settle_ticket scheduled []",
            "contacted assign contacted []",
            "contacted close closed [\"aftersales.revisit.closed.v1\"]",
            "contacted answer answered []",
            "contacted link_ticket contacted []",
            "contacted settle_ticket contacted []",
            "answered close closed [\"aftersales.revisit.closed.v1\"]",
            "answered link_ticket answered []",
            "answered settle_ticket answered []",
            "unreachable assign unreachable []",
            "unreachable reschedule scheduled [\"aftersales.revisit.scheduled.v1\"]",
            "unreachable close closed [\"aftersales.revisit.closed.v1\"]",
            "unreachable link_ticket unreachable []",
            "unreachable settle_ticket unreachable []",
        ]
    );
}

#[test]
fn svc_12_due_three_working_days_after_the_delivery_by_the_china_calendar() {
    let due = |at: &str| {
        let change = delivered(at);
        assert_eq!(
            (change.event_types(), change.after().calendar_id.as_str()),
            (vec!["aftersales.revisit.scheduled.v1"], "cn")
        );
        change.after().due_at.to_string()
    };
    assert_eq!(due("2026-03-02T17:59:59+08:00"), "2026-03-05T10:00:00Z", "Monday before closing: Thursday 18:00");
    assert_eq!(
        due("2026-03-02T18:00:00+08:00"),
        "2026-03-06T10:00:00Z",
        "at closing it counts as Tuesday: Friday 18:00"
    );
    assert_eq!(due("2026-03-06T10:00:00+08:00"), "2026-03-11T10:00:00Z", "Friday: Wednesday");
    assert_eq!(due("2026-03-07T10:00:00+08:00"), "2026-03-12T10:00:00Z", "Saturday counts as Monday: Thursday");
    assert_eq!(due("2026-03-08T23:59:59+08:00"), "2026-03-12T10:00:00Z", "Sunday too");
    assert_eq!(
        due("2026-02-13T10:00:00+08:00"),
        "2026-02-25T10:00:00Z",
        "the make-up workday of the 14th counts, the Spring Festival does not"
    );
    assert_eq!(due("2026-02-14T17:59:59+08:00"), "2026-02-26T10:00:00Z", "delivered on the make-up workday");
    assert_eq!(due("2026-02-14T18:00:00+08:00"), "2026-02-27T10:00:00Z", "after its closing it counts as the 24th");
}

#[test]
fn svc_12_the_third_call_that_reaches_nobody_is_the_last() {
    let mut one = revisit(Status::Scheduled);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let change = one.contact(call(false), SurveyId(Uuid::nil()), &by()).unwrap();
        one = change.after().clone();
        seen.push((one.status, one.tries));
    }
    assert_eq!(seen, [(Status::Scheduled, 1), (Status::Scheduled, 2), (Status::Unreachable, 3)]);
    assert_eq!(one.survey_id, None);
    let again = one.reschedule(put_off("2026-03-05T02:00:00.000001Z"), &by()).unwrap();
    assert_eq!((again.after().tries, again.after().contacts.0.len()), (0, 3), "counted anew, nothing forgotten");
}

#[test]
fn svc_12_who_was_reached_when_and_by_whom_has_bounds() {
    let nobody = ContactRevisit { person: None, ..call(true) };
    let code = |outcome: platform::Result<Change<Revisit>>| outcome.map(drop).map_err(|error| error.code().to_owned());
    assert_eq!(
        code(revisit(Status::Scheduled).contact(nobody, SurveyId(Uuid::nil()), &by())),
        Err("revisit.person".into())
    );
    let put_off_to = |to| code(revisit(Status::Scheduled).reschedule(put_off(to), &by()));
    assert_eq!(
        [put_off_to("2026-03-05T01:59:59Z"), put_off_to("2026-03-05T02:00:00Z"), put_off_to("2026-03-05T02:00:01Z")],
        [Err("revisit.due_at".into()), Err("revisit.due_at".into()), Ok(())]
    );
    let assign = |role, active| code(revisit(Status::Scheduled).assign(&person(role, active)));
    assert_eq!(
        [assign("customer_service", true), assign("customer_service", false), assign("sales_rep", true)],
        [Ok(()), Err("revisit.assignee".into()), Err("revisit.assignee".into())]
    );
}

#[test]
fn svc_12_without_answers_the_note_says_why_and_nobody_is_satisfied() {
    for status in [Status::Contacted, Status::Unreachable] {
        assert_eq!(revisit(status).close(None, &by()).unwrap_err().code(), "revisit.note");
        let closed = revisit(status).close(Some("不愿作答".parse().unwrap()), &by()).unwrap();
        assert_eq!(closed.after().satisfied, None);
    }
    assert!(revisit(Status::Answered).close(None, &by()).is_ok());
}

#[test]
fn svc_14_who_was_not_satisfied_is_once_they_have_confirmed_that_their_ticket_is_solved() {
    let answered = |scores_are_good: bool| {
        let change = revisit(Status::Contacted).answered(Some(scores_are_good), Some(linked(1))).unwrap();
        change.after().clone()
    };
    let close = |revisit: Revisit| revisit.close(None, &by()).map(|change| change.after().satisfied);
    let blocked = close(answered(false)).unwrap_err();
    assert_eq!(blocked.code(), "gate.closed");
    assert_eq!(answered(false).gates("close")[0].reference.as_deref(), Some("TK-1"));
    assert!(answered(false).gates("assign").is_empty());
    let settled = |revisit: Revisit, n: u128, outcome| {
        revisit.settle_ticket(linked(n).ticket_id, outcome).unwrap().after().clone()
    };
    let (confirmed, cancelled) = (TicketOutcome::Confirmed, TicketOutcome::Cancelled);
    assert_eq!(close(settled(answered(false), 1, confirmed)).unwrap(), Some(true));
    assert_eq!(close(settled(answered(false), 1, cancelled)).unwrap(), Some(false), "nobody made them happy");
    assert_eq!(close(settled(answered(true), 1, cancelled)).unwrap(), Some(true), "the scores were good");
    let second = answered(false).link_ticket(linked(2)).unwrap().after().clone();
    let one_left = settled(second, 1, confirmed);
    assert_eq!(close(one_left.clone()).unwrap_err().code(), "gate.closed", "the other one is open");
    assert_eq!(close(settled(one_left, 2, confirmed)).unwrap(), Some(true));
    let unanswered = revisit(Status::Contacted).link_ticket(linked(1)).unwrap().after().clone();
    let closed = settled(unanswered, 1, confirmed).close(Some("不愿作答".parse().unwrap()), &by()).unwrap();
    assert_eq!(closed.after().satisfied, None, "without answers nobody is satisfied");
}
