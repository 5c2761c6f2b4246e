//! What an order does with its goods, at every boundary: ORD-07, 19, 20, and contracts that are withdrawn (ruling 13).
use super::{tests::*, *};
use platform::{Machine, Rule};
use wire::{
    orders::{NewShipmentLine, ShortageDecision, ShortageId, ShortageStatus, SubstituteLine},
    procurement::AvailabilityAnswered,
    quoting::ProductSnapshot,
};

pub(crate) fn brief() -> OrderShortage {
    OrderShortage {
        id: ShortageId(Uuid::nil()),
        number: "SG-2026-000001".into(),
        status: ShortageStatus::Decided,
        decision: Some(ShortageDecision::Split),
    }
}
/// Of the second line (5 pieces) only 2 are held.
pub(crate) fn some_held(status: Status) -> Order {
    let mut order = order(status);
    (order.lines[0].held, order.lines[0].short) = (Some(order.lines[0].quantity), Some(Quantity::ZERO));
    (order.lines[1].held, order.lines[1].short) = ("2".parse().ok(), "3".parse().ok());
    order
}
/// It waits for a contract that was withdrawn.
pub(crate) fn waiting(status: Status) -> Order {
    let mut order = over("150000").submit(Uuid::from_u128(9), &by()).unwrap().after().clone();
    order = order.lost_contract("CT-1", "改签").unwrap().after().clone();
    order.head.status = status;
    order
}
/// Another model for the second line.
pub(crate) fn other(price: &str) -> Vec<SubstituteLine> {
    let (sku, unit_price) = ("PUMP-9".parse().unwrap(), Some(price.parse().unwrap()));
    vec![SubstituteLine { line_id: Uuid::from_u128(2), sku, unit_price }]
}
pub(crate) fn products(list_price: &str) -> Products {
    let product = ProductSnapshot {
        id: Uuid::nil().into(),
        sku: "PUMP-9".into(),
        name: "离心泵 9".into(),
        unit: "piece".into(),
        list_price: list_price.parse().unwrap(),
        currency: Currency::CNY,
        tax_rate: "0.13".parse().unwrap(),
        status: "active".into(),
        version: 1,
    };
    [("PUMP-9".to_owned(), product)].into()
}
fn plan(order: &Order, quantity: &str) -> platform::Result<Vec<WantedLine>> {
    let asked = [NewShipmentLine { line_id: order.lines[1].id, quantity: quantity.parse().unwrap() }];
    order.clone().plan_shipment(&asked).map(|(_, goods)| goods)
}
/// The second line holds so many of what it wants.
fn second(order: &Order, held: &str) -> AvailabilityAnswered {
    let mut answer = answer(true);
    let (line, row) = (&mut answer.lines[1], &order.lines[1]);
    line.requested = Quantity::new(row.quantity.get() + row.scrapped.get());
    line.held = held.parse().unwrap();
    line.short = Quantity::new(line.requested.get() - line.held.get());
    answer.complete = line.short.get().is_zero();
    answer
}

#[test]
fn ord_07_a_split_order_ships_what_is_held_and_not_a_piece_more() {
    let order = some_held(Status::InFulfilment);
    assert!(plan(&order, "1.9999").is_ok() && plan(&order, "2").is_ok());
    assert_eq!(plan(&order, "2.0001").unwrap_err().code(), "order.more_than_held");
    assert_eq!(plan(&order, "5.0001").unwrap_err().code(), "order.more_than_open");
    let (first, goods) = order.plan_shipment(&[]).unwrap();
    assert_eq!(goods.iter().map(|line| line.quantity.to_string()).collect::<Vec<_>>(), ["10", "2"]);
    let rest = first.after().clone();
    assert_eq!(rest.clone().plan_shipment(&[]).unwrap_err().code(), "order.nothing_ready");
    let part = rest.ship(&goods, &by()).unwrap().after().clone();
    assert_eq!(part.head.status, Status::PartiallyShipped);
    let come = part.answered(&second(&draft(), "5"), Vec::new(), Uuid::nil(), &by()).unwrap().after().clone();
    assert_eq!(come.head.goods.0.status, AvailabilityStatus::Complete);
    let (last, goods) = come.plan_shipment(&[]).unwrap();
    assert_eq!(goods.iter().map(|line| line.quantity.to_string()).collect::<Vec<_>>(), ["3"]);
    assert_eq!(last.after().clone().ship(&goods, &by()).unwrap().after().head.status, Status::Shipped);
}

#[test]
fn ord_07_nothing_held_is_no_part_to_ship_first() {
    let mut order = some_held(Status::Submitted);
    for line in &mut order.lines {
        (line.held, line.short) = (Some(Quantity::ZERO), Some(line.quantity));
    }
    assert_eq!(order.clone().split(brief(), &by()).unwrap_err().code(), "order.nothing_held");
    order.lines[1].held = "0.0001".parse().ok();
    let split = order.split(brief(), &by()).unwrap();
    assert_eq!(split.event_types(), ["orders.order.checked.v1"]);
    assert_eq!(
        (split.after().head.status, &split.after().head.goods.0.shortages[..]),
        (Status::Checked, &[brief()][..])
    );
}

#[test]
fn ord_07_only_the_answer_to_the_present_question_counts() {
    let asking = order(Status::Submitted);
    assert!(asking.awaits(&answer(true)) && asking.awaits(&answer(false)));
    let mut other = answer(true);
    other.lines[0].requested = "9".parse().unwrap();
    assert!(!asking.awaits(&other), "it asked for another quantity");
    let replaced = some_held(Status::Submitted);
    let replaced = replaced.substitute(&self::other("5"), brief(), &products("5"), Uuid::max, &by()).unwrap();
    assert!(!replaced.after().awaits(&answer(true)), "a line was replaced since");
    let mut gone_on = some_held(Status::Confirmed);
    gone_on.head.goods.0.status = AvailabilityStatus::Short;
    assert!(gone_on.awaits(&answer(true)), "split: the rest is still to come");
    gone_on.head.goods.0.status = AvailabilityStatus::Complete;
    assert!(!gone_on.awaits(&answer(false)), "all is held: nothing was asked");
    assert!(!order(Status::Shipped).awaits(&answer(true)));
}

#[test]
fn ord_07_another_model_changes_line_totals_and_question() {
    let order = some_held(Status::Submitted);
    let before = order.head.gross;
    let change = order.clone().substitute(&other("21.00"), brief(), &products("30"), Uuid::max, &by()).unwrap();
    let (after, line) = (change.after(), &change.after().lines[1]);
    assert_eq!((line.sku.as_str(), line.substituted_for.as_deref(), line.held), ("PUMP-9", Some("PUMP-2"), None));
    assert_eq!((line.id, line.net.to_string(), line.tax.to_string()), (Uuid::max(), "105.00".into(), "13.65".into()));
    assert_eq!((before.to_string(), after.head.gross.to_string()), ("1102.50".into(), "1118.65".into()));
    assert_eq!(change.event_types(), ["orders.availability.requested.v1"]);
    assert!(!after.price_check().matches && after.priced_as_agreed(), "another model, as agreed");
    assert_eq!(after.substitute_findings()[0].note.as_str(), "PUMP-2 20.50 → PUMP-9 21.00");
    let mut listed = other("1");
    listed[0].unit_price = None;
    let at_list = order.clone().substitute(&listed, brief(), &products("30"), Uuid::max, &by()).unwrap();
    assert_eq!(at_list.after().lines[1].unit_price.to_string(), "30.00");
    let refused = |asked: &[SubstituteLine], products: &Products| {
        order.clone().substitute(asked, brief(), products, Uuid::max, &by()).unwrap_err().code().to_owned()
    };
    assert_eq!(refused(&other("-0.01"), &products("5")), "order.substitute_price");
    assert_eq!(refused(&other("5"), &Products::default()), "order.substitute");
    let twice = [other("5"), other("5")].concat();
    assert_eq!(refused(&twice, &products("5")), "order.not_short");
    let mut dollars = products("5");
    for product in dollars.values_mut() {
        product.currency = "USD".parse().unwrap();
    }
    assert_eq!(refused(&listed, &dollars), "order.substitute_price", "a list price in dollars is none here");
    let mut contracted = order.clone();
    contracted.head.contract_id = Some(ContractId(Uuid::nil()));
    let refused = contracted.substitute(&other("5"), brief(), &products("5"), Uuid::max, &by()).unwrap_err();
    assert_eq!(refused.code(), "order.contract_lines");
}

#[test]
fn ord_07_another_model_above_the_limit_waits_for_a_contract() {
    // The first line is 1 000.00; 5 pieces with 13 % tax: 99 000.00 is the last amount without a contract.
    let holds = |price: &str| {
        let order = some_held(Status::Submitted);
        let mut products = products("5");
        for product in products.values_mut() {
            product.tax_rate = Rate::ZERO;
        }
        let change = order.substitute(&other(price), brief(), &products, Uuid::max, &by()).unwrap();
        change.after().holds_now(HoldKind::ContractRequired)
    };
    assert_eq!([holds("19799.99"), holds("19800.00"), holds("19800.01")], [false, false, true]);
}

#[test]
fn ord_19_scrapped_goods_are_asked_for_again_and_never_ship() {
    let mut order = some_held(Status::InFulfilment);
    (order.lines[1].held, order.lines[1].short) = ("5".parse().ok(), Some(Quantity::ZERO));
    let line = order.lines[1].id;
    let scrap = |quantity: &str| order.clone().scrap(line, quantity.parse().unwrap(), Quality::default());
    assert_eq!(scrap("5.0001").unwrap_err().code(), "order.scrap_more");
    assert!(scrap("5").is_ok());
    let lost = scrap("2").unwrap();
    assert_eq!(lost.event_types(), ["orders.availability.requested.v1"]);
    let lost = lost.after().clone();
    assert_eq!(lost.lines[1].ready().to_string(), "3");
    assert_eq!(lost.clone().ask().lines[1].quantity.to_string(), "7", "5 good ones beside the 2 that are lost");
    assert!(!lost.awaits(&answer(true)), "5 are not enough any more");
    let held = |held: &str| {
        let answer = second(&lost, held);
        let after = lost.clone().answered(&answer, Vec::new(), Uuid::nil(), &by()).unwrap().after().clone();
        (after.lines[1].held.unwrap().to_string(), after.lines[1].is_short(), after.head.goods.0.status)
    };
    assert_eq!(held("5"), ("3".into(), true, AvailabilityStatus::Short));
    assert_eq!(held("6.9999"), ("4.9999".into(), true, AvailabilityStatus::Short));
    assert_eq!(held("7"), ("5".into(), false, AvailabilityStatus::Complete));
}

#[test]
fn ord_20_what_quality_has_open_closes_the_gate() {
    let gates = |inspections, nonconformities| {
        let quality = Quality { inspections, nonconformities };
        let order = order(Status::InFulfilment).inspected(quality).unwrap().after().clone();
        order.gates("ship").into_iter().map(|gate| (gate.gate, gate.reference.unwrap_or_default())).collect::<Vec<_>>()
    };
    assert_eq!(gates(0, 0), []);
    assert_eq!(gates(1, 2), [("quality_gate", "1".into()), ("quality_gate", "2".into())]);
}

#[test]
fn ord_09_a_withdrawn_contract_is_shown_and_another_can_be_required() {
    let held = over("150000").submit(Uuid::from_u128(9), &by()).unwrap().after().clone();
    assert_eq!(held.clone().require_another_contract(Uuid::nil(), &by()).unwrap_err().code(), "gate.closed");
    let lost = waiting(Status::Submitted);
    assert!(lost.holds[0].reason.as_deref().unwrap().contains("CT-1"));
    let again = lost.require_another_contract(Uuid::from_u128(10), &by()).unwrap();
    assert_eq!(again.event_types(), ["orders.order.hold_released.v1", "orders.order.hold_placed.v1"]);
    let again = again.after();
    assert_eq!((again.holds.len(), again.holds[1].released_at, again.holds[1].reason.as_ref()), (2, None, None));
    assert!(again.clone().covered(&contract("150000"), &by()).is_ok());
}

#[test]
fn ord_09_the_lines_that_a_contract_was_asked_for_stay_until_it_is_withdrawn() {
    let update = |order: &Order, price: &str| {
        let new = |row: &LineRow| wire::line::NewLine {
            sku: "PUMP-9".parse().unwrap(),
            quantity: row.quantity,
            unit_price: price.parse().unwrap(),
            description: None,
            discount_rate: Rate::ZERO,
            tax_rate: Rate::ZERO,
        };
        let lines = Some(order.lines.iter().map(new).collect());
        let patch = wire::orders::OrderPatch { lines, ..wire::orders::OrderPatch::default() };
        order.clone().update(patch, &products("5"), Uuid::max, &by())
    };
    let mut checked = over("150000");
    checked.lines[0].sku = "PUMP-9".into();
    let mut checked = checked.submit(Uuid::from_u128(9), &by()).unwrap().after().clone();
    (checked.head.status, checked.head.finance_status) = (Status::Checked, Some(ReviewStatus::PriceAdjustRequired));
    assert_eq!(update(&checked, "160000").unwrap_err().code(), "order.contract_asked");
    let mut asked = some_held(Status::Submitted);
    asked.place(HoldKind::ContractRequired, None, Uuid::nil(), &by());
    let refused = asked.substitute(&other("5"), brief(), &products("5"), Uuid::max, &by()).unwrap_err();
    assert_eq!(refused.code(), "order.contract_asked");
    let mut covered = checked.clone().covered(&contract("150000"), &by()).unwrap().after().clone();
    covered.head.status = Status::Checked;
    assert_eq!(update(&covered, "150000").unwrap_err().code(), "order.contract_lines");
    let lost = checked.lost_contract("CT-1", "改签").unwrap().after().clone();
    let dearer = update(&lost, "160000").unwrap().after().clone();
    let again = dearer.require_another_contract(Uuid::from_u128(10), &by()).unwrap();
    assert_eq!(
        (again.event_types().len(), again.after().snapshot().totals.gross.amount.to_string()),
        (2, "160000.00".into())
    );
    let cheaper = update(&lost, "100000").unwrap();
    assert_eq!(cheaper.event_types(), ["orders.order.hold_released.v1"]);
}

#[test]
fn ord_19_what_was_found_too_late_is_recorded_when_the_order_is_completed() {
    let quality = Quality { inspections: 0, nonconformities: 1 };
    let late = order(Status::Completed).inspected(quality).unwrap().after().clone();
    assert_eq!((late.head.status, late.head.goods.0.quality), (Status::Completed, quality));
    assert!(late.scrap(Uuid::from_u128(2), "1".parse().unwrap(), quality).is_err(), "the lines stay as they left");
}
