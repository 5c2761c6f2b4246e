//! The machine of requisitions on one screen, their clock, and what purchase orders do to them.
use super::*;
use platform::Rule;
use wire::{
    CaseId, Currency, Quantity, Rate,
    procurement::{PurchaseOrderId, PurchaseOrderSnapshot, PurchasedLine, RequisitionId, RequisitionSource as Source},
};

fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
pub fn by() -> Stamp {
    let ownership =
        wire::Ownership { owner_id: Some("ann".into()), team_id: Some("t".into()), department_id: Some("d".into()) };
    Stamp { at: at("2026-03-02T01:00:00Z"), actor: "user:ann".into(), ownership }
}
pub fn asked(quantity: &str, price: &str) -> Asked {
    Asked {
        sku: Some("CHAIR".into()),
        name: "办公椅".into(),
        specification: "带扶手".into(),
        unit: "把".into(),
        quantity: quantity.parse().unwrap(),
        estimated_unit_price: price.parse().unwrap(),
        tax_rate: "0.13".parse::<Rate>().unwrap(),
        purpose: "新员工".into(),
        needed_on: None,
        order_line_id: None,
    }
}
pub fn wish(lines: Vec<Asked>) -> Wish {
    Wish {
        source: Source::Manual,
        priority: Priority::Normal,
        category: "office_supplies".into(),
        currency: Currency::CNY,
        lines,
        recommended_supplier_id: None,
        recommendation_reason: None,
        plan_reference: None,
    }
}
fn birth() -> Birth {
    Birth { id: RequisitionId(Uuid::nil()), number: "PR-2026-000001".into(), case_id: CaseId(Uuid::nil()) }
}
fn ids() -> impl FnMut() -> Uuid {
    let mut ids = (1..).map(Uuid::from_u128);
    move || ids.next().unwrap()
}
fn draft(wish: Wish) -> Result<Requisition, RequisitionRule> {
    Requisition::draft(birth(), wish, ids(), &by()).map(|change| change.after().clone())
}
fn requisition(status: Status) -> Requisition {
    let mut one = draft(wish(vec![asked("4", "100"), asked("1", "50")])).unwrap();
    one.head.status = status;
    one
}
pub fn order(number: u128, lines: &[(u128, &str)]) -> PurchaseOrderSnapshot {
    let line = |(line, ordered): &(u128, &str)| PurchasedLine {
        line_id: Uuid::from_u128(100 + line),
        sku: "CHAIR".into(),
        ordered: ordered.parse().unwrap(),
        received: Quantity::ZERO,
        requisition_line_id: Some(Uuid::from_u128(*line)),
    };
    PurchaseOrderSnapshot {
        purchase_order_id: PurchaseOrderId(Uuid::from_u128(number)),
        number: format!("PO-{number}"),
        supplier_id: SupplierId(Uuid::nil()),
        supplier_name: "上海办公".into(),
        requisition_ids: vec![RequisitionId(Uuid::nil())],
        lines: lines.iter().map(line).collect(),
        total: Money::new(Amount::ZERO, Currency::CNY),
    }
}

#[test]
fn pro_02_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    let all = order(1, &[(1, "4"), (2, "1")]);
    for &from in Status::ALL {
        let one = || requisition(from);
        let other = Birth { id: RequisitionId(Uuid::max()), ..birth() };
        let steps: [(&str, Option<Change<Requisition>>); 10] = [
            ("update", one().update(Amendment::default(), ids()).ok()),
            ("submit", one().submit(Vec::new(), &by()).ok()),
            ("approve", one().approve(&by()).ok()),
            ("reject", one().reject("too dear".into(), &by()).ok()),
            ("resubmit", one().resubmit(other, ids(), &by()).map(|(old, _)| old).ok()),
            ("cancel", one().cancel("not needed".into()).ok()),
            ("order", one().track(&all, Progress::Sent).unwrap()),
            ("close", one().close("enough".into()).ok()),
            ("expedite", one().expedite(&by()).unwrap()),
            ("mark_overdue", one().mark_overdue().ok()),
        ];
        for (command, change) in steps {
            if let Some(change) = change {
                assert_eq!(change.after().head.version, 2);
                let short = |kind: &&str| kind.trim_start_matches("procurement.").trim_end_matches(".v1").to_owned();
                let told: Vec<String> = change.event_types().iter().map(short).collect();
                table.push(format!("{from} {command} {} {}", change.after().head.status, told.join(" ")));
            }
        }
    }
    let expected = "\
        draft update draft |draft submit in_approval requisition.submitted|draft cancel cancelled |draft expedite draft expedite.accepted|\
        draft mark_overdue draft requisition.overdue|\
        in_approval approve approved requisition.approved|in_approval reject rejected |in_approval expedite in_approval expedite.accepted|\
        in_approval mark_overdue in_approval requisition.overdue|\
        approved cancel cancelled |approved order ordered |approved close closed |approved expedite approved expedite.accepted|\
        approved mark_overdue approved requisition.overdue|\
        rejected resubmit rejected |\
        ordered order ordered |ordered close closed ";
    assert_eq!(table.join("|"), expected);
}

#[test]
fn pro_02_a_recommendation_needs_its_reason_and_a_person_asks_by_hand_or_by_plan() {
    let code = |wish| draft(wish).map(drop).map_err(|rule| rule.code().to_owned());
    let lines = || vec![asked("1", "1")];
    let supplier = Some(SupplierId(Uuid::nil()));
    let mute = Wish { recommended_supplier_id: supplier, ..wish(lines()) };
    assert_eq!(code(mute.clone()), Err("requisition.recommendation_reason".into()));
    assert_eq!(code(Wish { recommendation_reason: Some("原厂".into()), ..mute }), Ok(()));
    for source in [Source::Order, Source::Reorder] {
        assert_eq!(code(Wish { source, ..wish(lines()) }), Err("requisition.source".into()));
    }
    let plan = Wish { source: Source::Plan, ..wish(lines()) };
    assert_eq!(code(plan.clone()), Err("requisition.plan_reference".into()));
    assert_eq!(code(Wish { plan_reference: Some("MP-7".into()), ..plan }), Ok(()));
    assert_eq!(
        code(Wish { plan_reference: Some("MP-7".into()), ..wish(lines()) }),
        Err("requisition.plan_reference".into())
    );
    let stranger = Asked { order_line_id: Some(Uuid::max()), ..asked("1", "1") };
    assert_eq!(code(wish(vec![stranger])), Err("requisition.order_line".into()));
    assert_eq!(code(wish(Vec::new())), Err("requisition.lines".into()));
    assert_eq!(code(wish(vec![asked("0", "1")])), Err("requisition.quantity".into()));
    assert_eq!(code(wish(vec![asked("1", "-0.01")])), Err("requisition.estimated_unit_price".into()));
    assert_eq!(code(wish(vec![asked("10", "99999999999999")])), Err("requisition.total".into()));
}

#[test]
fn pro_02_the_total_includes_tax_and_is_rounded_line_by_line() {
    let one = draft(wish(vec![asked("3", "0.335"), asked("12", "14.40")])).unwrap();
    let totals = one.totals();
    assert_eq!(
        [totals.net.amount.to_string(), totals.tax.amount.to_string(), one.head.total.to_string()],
        ["173.80", "22.59", "196.39"]
    );
}

#[test]
fn pro_04_d_14_what_was_asked_for_lately_counts_with_it() {
    let other = CountedRequisition {
        requisition_id: RequisitionId(Uuid::max()),
        number: "PR-0".into(),
        total: "800.01".parse().unwrap(),
    };
    let submitted = requisition(Status::Draft).submit(vec![other.clone()], &by()).unwrap();
    let window = submitted.after().head.rolling_window.clone().unwrap().0;
    assert_eq!((window.days, window.total.amount.to_string()), (30, "1308.51".into()));
    assert_eq!((window.requisitions, submitted.after().head.total.to_string()), (vec![other], "508.50".into()));
}

#[test]
fn pro_04_without_a_price_nobody_can_say_who_approves() {
    let one = draft(wish(vec![asked("1", "5"), asked("1", "0")])).unwrap();
    let Err(Refused::Gates { closed, .. }) = one.submit(Vec::new(), &by()) else { panic!("refused") };
    assert_eq!((closed[0].gate, closed[0].reference.as_deref()), ("estimated_price", Some("2")));
}

#[test]
fn pro_09_urgent_is_four_working_hours_and_normal_three_working_days() {
    // Friday 16:00 in Shanghai.
    let friday = at("2026-03-06T08:00:00Z");
    assert_eq!(act_by(Priority::Urgent, friday), at("2026-03-09T03:00:00Z"), "Monday 11:00");
    assert_eq!(act_by(Priority::Normal, friday), at("2026-03-11T10:00:00Z"), "Wednesday 18:00");
    let auto = |priority| {
        let wish = Wish { source: Source::Reorder, priority, ..wish(vec![asked("1", "1")]) };
        let change = Requisition::auto_draft(birth(), wish, Origin::default(), ids(), &by()).unwrap();
        (change.event_types(), change.after().head.act_by_at)
    };
    let created = "procurement.requisition.auto_created.v1";
    assert_eq!(auto(Priority::Normal), (vec![created], Some(at("2026-03-05T10:00:00Z"))));
    assert_eq!(
        auto(Priority::Urgent),
        (vec![created, "procurement.expedite.accepted.v1"], Some(at("2026-03-02T06:00:00Z")))
    );
}

#[test]
fn pro_09_hurried_later_it_is_told_of_and_due_sooner() {
    let mut slow = requisition(Status::Approved);
    slow.head.act_by_at = Some(act_by(Priority::Normal, by().at));
    let hurried = slow.expedite(&by()).unwrap().unwrap();
    assert_eq!(hurried.event_types(), ["procurement.expedite.accepted.v1"]);
    assert_eq!(hurried.after().head.act_by_at, Some(at("2026-03-02T06:00:00Z")));
    assert!(hurried.after().clone().expedite(&by()).unwrap().is_none(), "once");
}

#[test]
fn pro_02_ordered_when_all_lines_are_closed_when_all_arrived_and_approved_again_when_cancelled() {
    let step = |one: Requisition, order: &PurchaseOrderSnapshot, progress| {
        one.track(order, progress).unwrap().map(|change| change.after().clone())
    };
    let (part, rest) = (order(1, &[(1, "3"), (2, "1")]), order(2, &[(1, "1")]));
    let one = step(requisition(Status::Approved), &part, Progress::Sent).unwrap();
    assert_eq!((one.head.status, one.ordered(Uuid::from_u128(1)).to_string()), (Status::Approved, "3".into()));
    assert!(step(one.clone(), &part, Progress::Sent).is_none(), "told twice");
    assert_eq!(one.clone().cancel("x".into()).unwrap_err().code(), "gate.closed");
    let all = step(one.clone(), &rest, Progress::Sent).unwrap();
    assert_eq!(all.head.status, Status::Ordered);
    let gone = step(all.clone(), &rest, Progress::Cancelled).unwrap();
    assert_eq!(gone.head.status, Status::Approved, "what the cancelled order covered is open again");
    assert!(step(gone, &rest, Progress::Sent).is_none(), "a late copy takes nothing back");
    let arrived = |order: &PurchaseOrderSnapshot, received: &[&str]| {
        let lines = order.lines.iter().zip(received);
        let lines = lines.map(|(line, text)| PurchasedLine { received: text.parse().unwrap(), ..line.clone() });
        PurchaseOrderSnapshot { lines: lines.collect(), ..order.clone() }
    };
    let half = step(all.clone(), &arrived(&part, &["3", "1"]), Progress::Received).unwrap();
    assert_eq!(half.head.status, Status::Ordered);
    let rest = arrived(&rest, &["1"]);
    assert_eq!(step(half.clone(), &rest, Progress::Received).unwrap().head.status, Status::Closed);
    let returned = step(half.clone(), &arrived(&rest, &["0.99"]), Progress::Received).unwrap();
    assert_eq!(
        (returned.head.status, returned.ordered(Uuid::from_u128(1)).to_string()),
        (Status::Approved, "3.99".into()),
        "what went back to the supplier can be bought again"
    );
    let credited = step(all, &arrived(&part, &["3", "0"]), Progress::Received).unwrap();
    assert_eq!((credited.head.status, credited.ordered(Uuid::from_u128(2))), (Status::Approved, Decimal::ZERO));
    assert!(step(half, &order(3, &[(77, "1")]), Progress::Sent).is_none(), "another requisition's line");
    let early = step(one, &rest, Progress::Received).unwrap();
    assert_eq!(early.head.status, Status::Ordered, "arrived before we heard that it was sent");
}

#[test]
fn pro_02_a_rejected_one_is_asked_for_again_once_and_both_know() {
    let next = Birth { id: RequisitionId(Uuid::max()), number: "PR-2".into(), case_id: CaseId(Uuid::nil()) };
    let mut rejected = requisition(Status::Rejected);
    rejected.head.reason = Some("too dear".into());
    let (old, new) = rejected.resubmit(next.clone(), || Uuid::from_u128(9), &by()).unwrap();
    let (old, new) = (old.after().clone(), new.after().clone());
    assert_eq!((old.head.resubmitted_as_id, new.head.resubmitted_from_id), (Some(new.head.id), Some(old.head.id)));
    assert_eq!((new.head.status, new.head.reason.clone(), new.head.total), (Status::Draft, None, old.head.total));
    assert!(new.lines.iter().all(|line| line.id == Uuid::from_u128(9) && line.requisition_id == new.head.id));
    assert_eq!(old.resubmit(next, Uuid::nil, &by()).map(drop).unwrap_err().code(), "gate.closed");
}

#[test]
fn pro_08_who_submits_what_nobody_asked_for_asks_for_it() {
    let mut nobodys = requisition(Status::Draft);
    (nobodys.head.requester, nobodys.head.owner_id, nobodys.head.department_id) = (None, None, None);
    let adopted = nobodys.adopted(&by());
    assert_eq!((adopted.head.requester.as_deref(), adopted.head.department_id.as_deref()), (Some("ann"), Some("d")));
    let mut bobs = requisition(Status::Draft);
    bobs.head.requester = Some("bob".into());
    assert_eq!(bobs.adopted(&by()).head.requester.as_deref(), Some("bob"));
}
