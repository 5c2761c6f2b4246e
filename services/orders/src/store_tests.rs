//! The machines of what belongs to an order, each on one screen, and their due dates to the minute.
use crate::{
    acceptances::domain::Acceptance,
    finance_reviews::domain::FinanceReview,
    orders::domain::{
        Order,
        tests::{by, order},
    },
    part_tests::{decision, policy, shortage},
    shipments::domain::Shipment,
    work_items::domain::{Rule, WorkItem, decompose},
};
use jiff::SignedDuration;
use platform::{Change, Machine};
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::{
    Evidence, EvidenceChannel, Moment,
    orders::{
        AcceptanceStatus, CompleteReview, DecideShortage, DeliverShipment, Finding, FindingKind, InviteAcceptance,
        LabelShipment, NotifyShipment, OnSilence, OrderStatus, ReviewResult, ReviewStatus, ShipmentStatus,
        ShortageDecision, ShortageStatus, WorkItemStatus, WorkKind,
    },
};

pub(crate) type Steps<T> = Vec<(&'static str, platform::Result<Change<T>>)>;

/// One line a command that was allowed: where from, what, where to, which facts; checked against the machine's table.
pub(crate) fn screen<T: Machine>(from: &str, steps: Steps<T>) -> String {
    let mut table = String::new();
    for (command, outcome) in steps {
        let Ok(change) = outcome else { continue };
        let (after, facts) = (change.after(), change.event_types().join(" "));
        let info = T::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
        assert!(info.from.contains(&from) && info.to.contains(&after.status()), "{command} is in the table");
        assert_eq!(after.version(), 2, "{command} makes a version");
        table += format!("{from} {command} {} {facts}", after.status()).trim_end();
        table += "\n";
    }
    table
}
pub(crate) fn evidence() -> Evidence {
    Evidence {
        channel: EvidenceChannel::Document,
        person: "李雷".parse().unwrap(),
        at: by().at,
        note: None,
        attachment_id: None,
    }
}

fn review(status: ReviewStatus) -> FinanceReview {
    let mut review = FinanceReview::open(Uuid::nil().into(), &order(OrderStatus::Checked), &by()).after().clone();
    review.status = status;
    review
}

#[test]
fn ord_08_the_life_of_a_review_on_one_screen() {
    let mut table = String::new();
    for &from in ReviewStatus::ALL {
        let findings = vec![Finding { kind: FindingKind::Price, note: "低于报价".parse().unwrap() }];
        let word = |result| CompleteReview { result, findings: findings.clone() };
        table += &screen(
            from.as_str(),
            vec![
                ("complete", review(from).complete(word(ReviewResult::ApprovedToInvoice), &by())),
                ("complete", review(from).complete(word(ReviewResult::PriceAdjustRequired), &by())),
                ("resubmit", review(from).resubmit(&order(OrderStatus::Checked), &by()).map_err(Into::into)),
                ("mark_overdue", review(from).mark_overdue(&by()).map_err(Into::into)),
                ("cancel", review(from).cancel().map_err(Into::into)),
            ],
        );
    }
    assert_eq!(
        table,
        "pending complete approved_to_invoice orders.finance_review.completed.v1\n\
         pending complete price_adjust_required orders.finance_review.completed.v1\n\
         pending mark_overdue pending\n\
         pending cancel cancelled\n\
         price_adjust_required resubmit pending\n\
         price_adjust_required cancel cancelled\n"
    );
}

#[test]
fn ord_08_34_one_and_seven_working_days() {
    // Monday 2 March 2026, 09:00 in Shanghai: Tuesday 18:00, and Wednesday of the week after 18:00.
    assert_eq!(review(ReviewStatus::Pending).due_at.to_string(), "2026-03-03T10:00:00Z");
    assert_eq!(acceptance(AcceptanceStatus::Invited).due_at.to_string(), "2026-03-11T10:00:00Z");
}

fn item(status: WorkItemStatus) -> WorkItem {
    let rule = Rule {
        kind: WorkKind::PrepareGoods,
        department_id: "warehouse".into(),
        product_unit: None,
        after: None,
        due_working_days: 2,
    };
    let order = order(OrderStatus::FinanceReviewed);
    let items = decompose(&order, &[rule], &BTreeMap::new(), || Uuid::nil().into(), &by());
    let mut item = items[0].after().clone();
    item.status = status;
    item
}

#[test]
fn ord_11_the_life_of_a_work_item_on_one_screen() {
    let mut table = String::new();
    for &from in WorkItemStatus::ALL {
        let steps: Vec<(&'static str, Result<Change<WorkItem>, platform::Refused>)> = vec![
            ("acknowledge", item(from).acknowledge(&by())),
            ("start", item(from).start(&by())),
            ("block", item(from).block("叉车故障".into())),
            ("unblock", item(from).unblock()),
            ("complete", item(from).complete(None, &by())),
            ("inspect", item(from).inspect(1)),
            ("cancel", item(from).cancel()),
        ];
        table +=
            &screen(from.as_str(), steps.into_iter().map(|(verb, done)| (verb, done.map_err(Into::into))).collect());
    }
    assert_eq!(
        table,
        "assigned acknowledge acknowledged orders.work_item.acknowledged.v1\n\
         assigned inspect assigned\n\
         assigned cancel cancelled\n\
         acknowledged start in_progress\n\
         acknowledged block blocked\n\
         acknowledged inspect acknowledged\n\
         acknowledged cancel cancelled\n\
         in_progress block blocked\n\
         in_progress complete done\n\
         in_progress inspect in_progress\n\
         in_progress cancel cancelled\n\
         blocked unblock acknowledged\n\
         blocked inspect blocked\n\
         blocked cancel cancelled\n"
    );
}

fn shipment(status: ShipmentStatus) -> Shipment {
    let order = order(OrderStatus::InFulfilment);
    let change = Shipment::plan(Uuid::nil().into(), "SH-2026-000001".into(), &order, order.goods(), None, &by());
    let mut shipment = change.after().clone();
    shipment.status = status;
    shipment
}

#[test]
fn ord_22_the_life_of_a_shipment_on_one_screen() {
    let label = || LabelShipment { carrier: "SF".parse().unwrap(), tracking_number: "SF1".parse().unwrap() };
    let notice = || NotifyShipment {
        expected_on: "2026-03-02".parse().unwrap(),
        signing_requirements: "预约上门".parse().unwrap(),
    };
    let proof = || DeliverShipment { signer: "李雷".parse().unwrap(), delivered_at: None };
    let mut table = String::new();
    for &from in ShipmentStatus::ALL {
        table += &screen(
            from.as_str(),
            vec![
                ("pick", shipment(from).pick().map_err(Into::into)),
                ("pack", shipment(from).pack().map_err(Into::into)),
                ("label", shipment(from).label(label(), false)),
                ("hand_over", shipment(from).hand_over(&by()).map_err(Into::into)),
                ("notify", shipment(from).notify(notice(), &by())),
                ("depart", shipment(from).depart().map_err(Into::into)),
                ("deliver", shipment(from).deliver(proof(), &by())),
                ("report_exception", shipment(from).report_exception("破损".into()).map_err(Into::into)),
                ("return", shipment(from).returned("返工".into()).map_err(Into::into)),
                ("cancel", shipment(from).cancel("装错".into()).map_err(Into::into)),
            ],
        );
    }
    assert_eq!(
        table,
        "planned pick picked\n\
         planned cancel cancelled\n\
         picked pack packed\n\
         picked cancel cancelled\n\
         packed label labelled\n\
         packed cancel cancelled\n\
         labelled hand_over handed_over orders.shipment.handed_over.v1\n\
         labelled cancel cancelled\n\
         handed_over notify handed_over orders.shipment.notified.v1\n\
         handed_over depart in_transit\n\
         handed_over deliver delivered orders.shipment.delivered.v1\n\
         handed_over report_exception exception\n\
         handed_over return returned orders.shipment.returned.v1\n\
         in_transit notify in_transit orders.shipment.notified.v1\n\
         in_transit deliver delivered orders.shipment.delivered.v1\n\
         in_transit report_exception exception\n\
         in_transit return returned orders.shipment.returned.v1\n\
         exception depart in_transit\n\
         exception deliver delivered orders.shipment.delivered.v1\n\
         exception return returned orders.shipment.returned.v1\n"
    );
}

#[test]
fn ord_26_the_day_before_today_in_china_is_past() {
    let on = |day: &str| {
        let notice =
            NotifyShipment { expected_on: day.parse().unwrap(), signing_requirements: "预约".parse().unwrap() };
        shipment(ShipmentStatus::HandedOver).notify(notice, &by()).is_ok()
    };
    assert_eq!([on("2026-03-01"), on("2026-03-02"), on("2026-03-03")], [false, true, true]);
}

pub(crate) fn acceptance(status: AcceptanceStatus) -> Acceptance {
    let mut acceptance = invitation(&order(OrderStatus::Delivered));
    acceptance.status = status;
    acceptance
}
/// The customer of this order is invited.
pub(crate) fn invitation(order: &Order) -> Acceptance {
    let asked = InviteAcceptance { order_id: order.head.id, criteria: Vec::new(), test_account: None };
    let ids = (Uuid::nil().into(), "AC-2026-000001".to_owned());
    let change = Acceptance::invite(ids, order, asked, &policy(OnSilence::Remind, &[3, 0]), None, &by());
    change.unwrap().after().clone()
}

#[test]
fn ord_34_the_life_of_an_acceptance_on_one_screen() {
    let mut table = String::new();
    for &from in AcceptanceStatus::ALL {
        table += &screen(
            from.as_str(),
            vec![
                ("chase", acceptance(from).chase(&by()).map_err(Into::into)),
                ("test", acceptance(from).test().map_err(Into::into)),
                ("accept", acceptance(from).accept(evidence(), &by())),
                ("reject", acceptance(from).reject("异响".into(), None, &by())),
            ],
        );
    }
    assert_eq!(
        table,
        "invited chase invited\n\
         invited test testing\n\
         invited accept accepted\n\
         invited reject rejected\n\
         testing chase testing\n\
         testing accept accepted\n\
         testing reject rejected\n"
    );
}

#[test]
fn ord_34_the_customer_has_decided_by_now_as_far_as_clocks_agree() {
    let said = |microseconds| {
        let at = by().at.timestamp() + SignedDuration::from_mins(1) + SignedDuration::from_micros(microseconds);
        let evidence = Evidence { at: Moment::new(at), ..evidence() };
        let testing = || acceptance(AcceptanceStatus::Testing);
        let outcomes = [
            testing().accept(evidence.clone(), &by()).map(drop),
            testing().reject("异响".into(), Some(evidence.clone()), &by()).map(drop),
            shortage(ShortageStatus::Open)
                .decide(DecideShortage { evidence: Some(evidence), ..decision(ShortageDecision::Substitute) }, &by())
                .map(drop),
        ];
        outcomes.map(|outcome| outcome.map_err(|error| error.code().to_owned()))
    };
    for fine in [-1, 0] {
        assert_eq!(said(fine), [Ok(()), Ok(()), Ok(())]);
    }
    assert_eq!(said(1), [(); 3].map(|()| Err("evidence.future".to_owned())));
}
