//! The machine of purchase orders on one screen, and every rule at its boundary.
use super::*;
use crate::{
    items::domain::Item,
    purchase_orders::lines::{self, Asked},
};
use platform::{Rule, Stamp};
use std::{collections::HashMap, fmt::Write};
use uuid::Uuid;
use wire::{
    Ownership,
    procurement::{ImportPurchaseOrderLine, ItemId, NewItem, SupplierPromise},
};

pub fn by() -> Stamp {
    let ownership = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "user:ann".into(), ownership }
}
fn items() -> HashMap<String, Item> {
    let new = NewItem {
        sku: "PUMP-40".parse().unwrap(),
        name: "离心泵".parse().unwrap(),
        unit: "台".parse().unwrap(),
        product_sku: None,
        preferred_supplier_id: None,
        purchase_price: None,
        reorder_level: Quantity::ZERO,
        external_refs: Vec::new(),
    };
    let item = Item::register(ItemId(Uuid::nil()), new, &by()).unwrap().after().clone();
    HashMap::from([("PUMP-40".to_owned(), item)])
}
pub fn asked(quantity: &str, price: &str) -> Asked {
    Asked {
        sku: "PUMP-40".into(),
        specification: "DN40".into(),
        quantity: quantity.parse().unwrap(),
        unit_price: price.parse().unwrap(),
        tax_rate: "0.13".parse().unwrap(),
        requisition_id: Some(RequisitionId(Uuid::from_u128(7))),
        requisition_line_id: Some(Uuid::from_u128(8)),
        lead_time_days: Some(14),
        due_on: None,
    }
}
pub fn rows(lines: Vec<Asked>) -> Result<Vec<LineRow>, PurchaseOrderRule> {
    let mut ids = (1..).map(Uuid::from_u128);
    lines::rows(PurchaseOrderId(Uuid::nil()), lines, Currency::CNY, &items(), || ids.next().unwrap())
}
fn seed(lines: Vec<Asked>) -> Seed {
    Seed {
        id: PurchaseOrderId(Uuid::nil()),
        case_id: None,
        supplier_id: SupplierId(Uuid::nil()),
        supplier_name: "上海泵业".into(),
        rfq_id: Some(RfqId(Uuid::nil())),
        waiver_id: None,
        currency: Currency::CNY,
        lines: rows(lines).unwrap(),
        note: None,
        external_refs: Vec::new(),
    }
}
const LEAVE: Leave = Leave { supplier_qualified: true, sourced: true };

/// Ten and five pieces, as a life would have left them in this state.
pub fn order(status: Status) -> PurchaseOrder {
    let lines = vec![asked("10", "100"), asked("5", "20.50")];
    let mut order = PurchaseOrder::draft(seed(lines), &by()).unwrap().after().clone();
    order.head.status = status;
    let came: &[&str] = match status {
        Status::PartiallyReceived | Status::PendingAction => &["4", "0"],
        Status::Received | Status::Closed => &["10", "5"],
        _ => &["0", "0"],
    };
    for (line, came) in order.lines.iter_mut().zip(came) {
        line.received = came.parse().unwrap();
    }
    if status == Status::PendingAction {
        (order.head.arrivals, order.head.inspections, order.head.open_discrepancies) = (1, 1, 1);
    }
    order
}
fn part(line: u128, quantity: &str) -> Part {
    Part { line_id: Uuid::from_u128(line), quantity: quantity.parse().unwrap() }
}
fn taken(parts: &[(u128, &str)]) -> Outcome {
    Outcome { taken: parts.iter().map(|(line, quantity)| part(*line, quantity)).collect(), ..Outcome::default() }
}
fn forgone(parts: &[(u128, &str)]) -> Outcome {
    Outcome { forgone: taken(parts).taken, ..Outcome::default() }
}
fn promise(day: &str) -> SupplierPromise {
    SupplierPromise { promised_on: day.parse().unwrap(), note: None }
}

#[test]
fn pro_24_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let steps = [
            ("update", order(from).update(wire::Patched::Absent, None)),
            ("submit", order(from).submit(LEAVE, &by())),
            ("approve", order(from).approve("PO-2026-000001".into(), &by()).map_err(Into::into)),
            ("return", order(from).returned("too dear".into()).map_err(Into::into)),
            ("send", order(from).send(LEAVE, &by())),
            ("acknowledge", order(from).acknowledge(promise("2026-03-20"), &by())),
            ("promise", order(from).promise(promise("2026-03-20"), &by())),
            ("arrive", order(from).arrive().map_err(Into::into)),
            ("take_in", order(from).take_in(&taken(&[(2, "1")]), &by())),
            ("dispute", order(from).dispute(&by()).map_err(Into::into)),
            ("settle", order(from).settle(&Outcome::default(), &by())),
            ("cancel", order(from).cancel("not needed".into(), &by()).map_err(Into::into)),
            ("close", order(from).close(&by()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            let Ok(change) = outcome else { continue };
            let after = change.after();
            let told: Vec<_> = change.event_types().iter().map(|kind| kind.split('.').nth(2).unwrap()).collect();
            writeln!(table, "{from} {command} {} {}", after.head.status, told.join(" ")).unwrap();
            let info = PurchaseOrder::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
            assert!(info.to.contains(&after.head.status.as_str()), "{from} {command} leads where the table says");
            assert_eq!(after.head.version, 2, "{command} makes a version");
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    assert_eq!(
        table,
        [
            "draft update draft",
            "draft submit in_approval",
            "draft cancel cancelled",
            "in_approval approve approved",
            "in_approval return draft",
            "approved send sent sent",
            "approved cancel cancelled cancelled",
            "sent acknowledge acknowledged",
            "sent arrive sent",
            "sent take_in partially_received",
            "sent dispute pending_action",
            "sent cancel cancelled cancelled",
            "acknowledged promise acknowledged",
            "acknowledged arrive acknowledged",
            "acknowledged take_in partially_received",
            "acknowledged dispute pending_action",
            "acknowledged cancel cancelled cancelled",
            "partially_received promise partially_received",
            "partially_received arrive partially_received",
            "partially_received take_in partially_received",
            "partially_received dispute pending_action",
            "received dispute pending_action",
            "received close closed",
            "pending_action promise pending_action",
            "pending_action arrive pending_action",
            "pending_action take_in pending_action",
            "pending_action dispute pending_action",
            "pending_action settle partially_received",
        ]
    );
}

#[test]
fn pro_24_what_closes_submit_and_send_and_cancel() {
    let gate = |outcome: platform::Result<Change<PurchaseOrder>>| {
        let problem = outcome.unwrap_err().problem(platform::Language::English, String::new());
        (problem.status, problem.blocked_by[0].gate.clone())
    };
    let unqualified = Leave { supplier_qualified: false, ..LEAVE };
    let unsourced = Leave { sourced: false, ..LEAVE };
    assert_eq!(gate(order(Status::Draft).submit(unqualified, &by())), (409, "supplier_qualified".into()));
    assert_eq!(gate(order(Status::Draft).submit(unsourced, &by())), (409, "sourced".into()));
    assert_eq!(gate(order(Status::Approved).send(unqualified, &by())), (409, "supplier_qualified".into()));
    assert_eq!(gate(order(Status::Approved).send(unsourced, &by())), (409, "sourced".into()));
    let arrived = order(Status::Sent).arrive().unwrap().after().clone();
    assert_eq!(gate(arrived.cancel("x".into(), &by()).map_err(Into::into)), (409, "nothing_arrived".into()));
    let mut waiting = order(Status::Received);
    waiting.head.arrivals = 1;
    assert_eq!(gate(waiting.close(&by()).map_err(Into::into)), (409, "all_inspected".into()));
}

#[test]
fn pro_24_totals_are_those_of_every_document() {
    let order = order(Status::Draft);
    let totals = order.totals();
    assert_eq!(
        (totals.net.to_string(), totals.tax.to_string(), totals.gross.to_string()),
        ("1102.50 CNY".into(), "143.32 CNY".into(), "1245.82 CNY".into()),
        "tax is rounded per line, half to even: 130.00 + 13.32 (13.325)"
    );
    assert_eq!((order.head.gross, order.snapshot().total), (totals.gross.amount, totals.gross));
    let change = order.submit(LEAVE, &by()).unwrap();
    assert!(
        format!("{change:?}").contains(&format!("amount: Some({:?})", totals.gross)),
        "the tiers look at the gross"
    );
}

#[test]
fn pro_24_lines_have_bounds() {
    let code = |lines: Vec<Asked>| rows(lines).map(|rows| rows.len()).map_err(|rule| rule.code().to_owned());
    assert_eq!([code(vec![]), code(vec![asked("1", "1"); 501])], [const { Err("purchase_order.lines") }; 2].map(own));
    assert_eq!(code(vec![asked("1", "1"); 500]), Ok(500));
    assert_eq!(
        [code(vec![asked("0", "1")]), code(vec![asked("0.0001", "0")])],
        [own(Err("purchase_order.quantity")), Ok(1)]
    );
    assert_eq!(code(vec![asked("1", "-0.0001")]), own(Err("purchase_order.unit_price")));
    assert_eq!(code(vec![asked("10", "10000000000000")]), own(Err("purchase_order.total_too_large")));
    assert_eq!(code(vec![Asked { sku: "NONE".into(), ..asked("1", "1") }]), own(Err("purchase_order.unknown_item")));
}
pub fn own(outcome: Result<usize, &str>) -> Result<usize, String> {
    outcome.map_err(str::to_owned)
}

#[test]
fn pro_24_an_imported_order_is_sent_and_its_sum_is_right() {
    let line = ImportPurchaseOrderLine {
        sku: "PUMP-40".parse().unwrap(),
        specification: None,
        quantity: "4".parse().unwrap(),
        unit_price: "50.26".parse().unwrap(),
        tax_rate: "0.13".parse().unwrap(),
        due_on: None,
    };
    let import = |total: &str, day: &str| {
        let seed = Seed {
            rfq_id: None,
            lines: rows(lines::imported(vec![line.clone()])).unwrap(),
            ..seed(vec![asked("1", "1")])
        };
        let total = Money::new(total.parse().unwrap(), Currency::CNY);
        let outcome = PurchaseOrder::import(seed, "PI-1".into(), day.parse().unwrap(), Some(total), &by());
        outcome.map(|change| (change.after().clone(), change.event_types())).map_err(|rule| rule.code().to_owned())
    };
    let (order, told) = import("227.18", "2026-03-02").unwrap();
    assert_eq!((order.head.status, order.head.origin), (Status::Sent, Origin::Imported));
    assert_eq!(told, ["procurement.purchase_order.sent.v1"]);
    for off in ["227.17", "227.19"] {
        assert_eq!(import(off, "2026-03-02").unwrap_err(), "purchase_order.total_differs");
    }
    assert_eq!(import("227.18", "2026-03-03").unwrap_err(), "purchase_order.ordered_on");
    let again = |note: Option<&str>, arrivals: i32| {
        let seed = Seed {
            rfq_id: None,
            note: note.map(|note| note.parse().unwrap()),
            lines: rows(lines::imported(vec![line.clone()])).unwrap(),
            ..seed(vec![asked("1", "1")])
        };
        let mut order = order.clone();
        order.head.arrivals = arrivals;
        let outcome = order.replace(seed, "2026-03-02".parse().unwrap(), None, &by());
        outcome.map(|change| change.map(|change| change.after().head.version)).map_err(|error| error.code().to_owned())
    };
    assert_eq!([again(None, 0), again(Some("x"), 0), again(None, 1)], [Ok(None), Ok(Some(2)), Ok(None)]);
    assert_eq!(again(Some("x"), 1).unwrap_err(), "purchase_order.underway");
}

#[test]
fn pro_24_lines_are_due_when_their_lead_time_is_over_and_promises_are_kept() {
    let sent = order(Status::Approved).send(LEAVE, &by()).unwrap().after().clone();
    assert_eq!(sent.lines[0].due_on.unwrap().to_string(), "2026-03-16");
    assert_eq!(sent.head.ordered_on.unwrap().to_string(), "2026-03-02");
    let late = sent.clone().acknowledge(promise("2026-03-01"), &by()).unwrap_err();
    assert_eq!(late.code(), "purchase_order.promised_on");
    let order = sent.acknowledge(promise("2026-03-02"), &by()).unwrap().after().clone();
    let order = order.promise(promise("2026-03-09"), &by()).unwrap().after().clone();
    let days: Vec<String> = order.head.promises.0.iter().map(|promise| promise.promised_on.to_string()).collect();
    assert_eq!(days, ["2026-03-02", "2026-03-09"]);
}

#[test]
fn pro_29_never_more_than_is_still_expected() {
    let take = |quantity: &str| {
        let outcome = order(Status::PartiallyReceived).take_in(&taken(&[(1, quantity)]), &by());
        outcome.map(|change| change.after().lines[0].open().to_string()).map_err(|error| error.code().to_owned())
    };
    let refused = Err("purchase_order.more_than_ordered".to_owned());
    assert_eq!([take("5.99"), take("6"), take("6.01")], [Ok("0.01".into()), Ok("0".into()), refused]);
    let change = order(Status::PartiallyReceived).take_in(&taken(&[(1, "6"), (2, "5")]), &by()).unwrap();
    assert_eq!(change.event_types(), ["procurement.purchase_order.received.v1"]);
    assert_eq!((change.after().head.status, change.after().head.received_at), (Status::Received, Some(by().at)));
}

#[test]
fn pro_31_pending_until_the_last_discrepancy_is_closed_then_where_it_was() {
    let opened = Outcome { opened: 2, ..taken(&[(1, "4")]) };
    let mut sent = order(Status::Sent);
    sent.head.arrivals = 1;
    let pending = sent.clone().take_in(&opened, &by()).unwrap().after().clone();
    assert_eq!((pending.head.status, pending.head.open_discrepancies), (Status::PendingAction, 2));
    let one = pending.settle(&Outcome::default(), &by()).unwrap().after().clone();
    assert_eq!(one.head.status, Status::PendingAction);
    let back = |order: PurchaseOrder, outcome: &Outcome| {
        let change = order.settle(outcome, &by()).unwrap();
        (change.after().head.status, change.event_types())
    };
    assert_eq!(back(one.clone(), &Outcome::default()), (Status::PartiallyReceived, vec![]));
    let received = vec!["procurement.purchase_order.received.v1"];
    assert_eq!(back(one.clone(), &taken(&[(1, "6"), (2, "5")])), (Status::Received, received.clone()));
    assert_eq!(
        back(one, &forgone(&[(1, "9"), (2, "5")])),
        (Status::Received, received),
        "only what was open is given up"
    );
    let mut acknowledged = order(Status::Acknowledged);
    acknowledged.head.acknowledged_at = Some(by().at);
    (acknowledged.head.arrivals, sent.head.arrivals) = (1, 1);
    let nothing = Outcome { opened: 1, ..Outcome::default() };
    let rejected = |order: PurchaseOrder| order.take_in(&nothing, &by()).unwrap().after().clone();
    assert_eq!(back(rejected(acknowledged), &Outcome::default()), (Status::Acknowledged, vec![]));
    assert_eq!(back(rejected(sent.clone()), &Outcome::default()), (Status::Sent, vec![]));
    let all = forgone(&[(1, "10"), (2, "5")]);
    let cancelled = vec!["procurement.purchase_order.cancelled.v1"];
    assert_eq!(back(rejected(sent.clone()), &all), (Status::Cancelled, cancelled), "may be ordered anew");
    sent.head.arrivals = 2;
    assert_eq!(back(rejected(sent), &all), (Status::Sent, vec![]), "another delivery is being inspected");
    let closed = order(Status::Received).dispute(&by()).unwrap().after().clone();
    assert_eq!(
        back(PurchaseOrder { head: Head { received_at: Some(by().at), ..closed.head }, ..closed }, &Outcome::default()),
        (Status::Received, vec![]),
        "said once"
    );
}
