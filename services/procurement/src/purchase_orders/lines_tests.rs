//! What an award and a waiver let us order, at the boundaries.
use super::*;
use crate::{
    purchase_orders::domain::tests::{order, own, rows},
    sourcing::AwardedLine,
};
use platform::Rule;
use wire::{
    Money,
    procurement::{PurchaseOrderStatus as Status, RfqId, SourcingWaiverId, SupplierId},
};

#[test]
fn pro_24_lines_are_what_was_awarded() {
    let awarded = AwardedLine {
        requisition_line_id: Uuid::from_u128(8),
        sku: "PUMP-40".into(),
        specification: "DN40".into(),
        quantity: "10".parse().unwrap(),
        unit_price: "100".parse().unwrap(),
        tax_rate: "0.13".parse().unwrap(),
        lead_time_days: 14,
    };
    let award = Award {
        rfq_id: RfqId(Uuid::nil()),
        case_id: None,
        supplier_id: SupplierId(Uuid::nil()),
        currency: "CNY".into(),
        lines: vec![awarded.clone()],
    };
    let ordered = rows(super::of_award(&award, &HashMap::new())).unwrap();
    assert!(super::as_awarded(&ordered, &award));
    let other = |line: AwardedLine| Award { lines: vec![line], ..award.clone() };
    let dearer = other(AwardedLine { unit_price: "100.01".parse().unwrap(), ..awarded.clone() });
    let cheaper = other(AwardedLine { unit_price: "99.99".parse().unwrap(), ..awarded.clone() });
    let fewer = other(AwardedLine { quantity: "9.9999".parse().unwrap(), ..awarded.clone() });
    let taxed = other(AwardedLine { tax_rate: Rate::ZERO, ..awarded.clone() });
    let more = Award { lines: vec![awarded.clone(), awarded], ..award.clone() };
    for award in [dearer, cheaper, fewer, taxed, more] {
        assert!(!super::as_awarded(&ordered, &award), "{award:?}");
    }
}

#[test]
fn pro_24_a_waiver_covers_its_requisitions_and_no_more_than_was_wanted() {
    let wanted = Wanted {
        requisition_id: RequisitionId(Uuid::from_u128(7)),
        requisition_line_id: Uuid::from_u128(8),
        case_id: None,
        sku: "PUMP-40".into(),
        name: "泵".into(),
        specification: String::new(),
        unit: "台".into(),
        quantity: "10".parse().unwrap(),
        needed_on: Some("2026-04-01".parse().unwrap()),
    };
    let line = |id: u128, quantity: &str| NewPurchaseOrderLine {
        requisition_line_id: Uuid::from_u128(id),
        quantity: quantity.parse().unwrap(),
        unit_price: "1".parse().unwrap(),
        tax_rate: Rate::ZERO,
        lead_time_days: None,
        due_on: None,
    };
    let ordered = HashMap::from([(Uuid::from_u128(8), "4".parse().unwrap())]);
    let take = |lines: Vec<NewPurchaseOrderLine>| {
        let taken = super::of_waiver(std::slice::from_ref(&wanted), &ordered, lines);
        taken.map(|asked| asked.len()).map_err(|rule| rule.code().to_owned())
    };
    assert_eq!(
        [take(vec![line(8, "5.99")]), take(vec![line(8, "6")]), take(vec![line(8, "6.01")])],
        [Ok(1), Ok(1), own(Err("purchase_order.more_than_wanted"))]
    );
    assert_eq!(take(vec![line(9, "1")]), own(Err("purchase_order.not_waived")));
    assert_eq!(take(vec![line(8, "1"), line(8, "1")]), own(Err("purchase_order.not_waived")));
    let lead = |days| take(vec![NewPurchaseOrderLine { lead_time_days: Some(days), ..line(8, "1") }]);
    assert_eq!([lead(3650), lead(3651)], [Ok(1), own(Err("purchase_order.lead_time"))]);
    let waived = |id| Waived {
        waiver_id: SourcingWaiverId(Uuid::nil()),
        supplier_id: SupplierId(Uuid::nil()),
        requisition_ids: vec![RequisitionId(Uuid::from_u128(id))],
        total: Money::new(Amount::ZERO, Currency::CNY),
    };
    let ordered = order(Status::Draft).lines;
    assert!(super::as_waived(&ordered, &waived(7)) && !super::as_waived(&ordered, &waived(70)));
}

#[test]
fn pro_24_d_06_orders_under_a_waiver_come_to_no_more_than_was_approved_with_it() {
    let waived = Waived {
        waiver_id: SourcingWaiverId(Uuid::nil()),
        supplier_id: SupplierId(Uuid::nil()),
        requisition_ids: Vec::new(),
        total: Money::new("1000".parse().unwrap(), Currency::CNY),
    };
    let code = |currency: Currency, gross: &str, spent: &str| {
        let outcome = super::within(&waived, currency, gross.parse().unwrap(), spent.parse().unwrap());
        outcome.map_err(|rule| rule.code().to_owned())
    };
    let above = || Err("purchase_order.above_waiver".to_owned());
    for (gross, outcome) in [("599.99", Ok(())), ("600.00", Ok(())), ("600.01", above())] {
        assert_eq!(code(Currency::CNY, gross, "400"), outcome, "{gross}");
    }
    assert_eq!([code(Currency::CNY, "1000", "0"), code(Currency::CNY, "1000.01", "0")], [Ok(()), above()]);
    let yen = "JPY".parse().unwrap();
    assert_eq!(code(yen, "1", "0"), Err("purchase_order.other_currency".to_owned()));
}
