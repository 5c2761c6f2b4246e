//! The machine of orders on one screen, and every rule at its boundary.
use super::{goods_tests::*, *};
use platform::{Machine, Rule, Stamp};
use wire::{
    Ownership,
    contracts::ContractSnapshot,
    orders::{AssignedWork, NewShipmentLine, ReviewResult, WorkItemId},
    procurement::{AnsweredLine, AvailabilityAnswered},
    quoting::QuoteSnapshot,
};

pub(crate) fn by() -> Stamp {
    let ownership = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "user:ann".into(), ownership }
}
pub(crate) fn line(id: u128, quantity: &str, price: &str) -> Line {
    let (quantity, unit_price) = (quantity.parse().unwrap(), price.parse().unwrap());
    let net = line::line_net(quantity, unit_price, Rate::ZERO, Currency::CNY);
    Line {
        id: Uuid::from_u128(id),
        line_number: i32::try_from(id).unwrap(),
        sku: format!("PUMP-{id}"),
        description: "泵".into(),
        quantity,
        unit_price,
        discount_rate: Rate::ZERO,
        tax_rate: Rate::ZERO,
        net,
        tax: Amount::ZERO,
    }
}
fn quote(lines: Vec<Line>) -> QuoteSnapshot {
    QuoteSnapshot {
        quote_id: QuoteId(Uuid::nil()),
        number: "QT-1".into(),
        revision: 1,
        account_id: AccountId(Uuid::nil()),
        account_name: "晨光泵业".into(),
        opportunity_id: None,
        totals: line::totals(lines.iter().map(|line| (line.net, line.tax)), Currency::CNY),
        lines,
        payment_terms: Vec::new(),
        delivery_date: Some("2026-04-01".parse().unwrap()),
        external_refs: Vec::new(),
    }
}
pub(crate) fn contract(gross: &str) -> ContractSnapshot {
    let quote = quote(vec![line(1, "1", gross)]);
    ContractSnapshot {
        contract_id: ContractId(Uuid::from_u128(77)),
        number: "HT-1".into(),
        order_id: None,
        quote_id: None,
        account_id: quote.account_id,
        account_name: quote.account_name,
        lines: quote.lines,
        totals: quote.totals,
        payment_terms: Vec::new(),
        delivery_date: quote.delivery_date,
        acceptance_criteria: vec!["运行 72 小时无故障".into()],
        acceptance_working_days: Some(15),
        external_refs: Vec::new(),
    }
}
fn entry() -> Entry {
    let (id, case_id) = (OrderId(Uuid::nil()), CaseId(Uuid::nil()));
    Entry { id, number: "SO-2026-000001".into(), case_id, entered_as: None, cause_event_id: None }
}
/// Two lines, 10 and 5 pieces, unless a price is what matters.
pub(crate) fn draft() -> Order {
    let mut ids = (1..).map(Uuid::from_u128);
    let lines = vec![line(1, "10", "100"), line(2, "5", "20.50")];
    Order::from_quote(entry(), quote(lines), || ids.next().unwrap(), &by()).after().clone()
}
pub(crate) fn over(gross: &str) -> Order {
    Order::from_quote(entry(), quote(vec![line(1, "1", gross)]), || Uuid::from_u128(1), &by()).after().clone()
}
/// As a life would have left it in this state.
pub(crate) fn order(status: Status) -> Order {
    let mut order = draft();
    order.head.status = status;
    order.head.finance_status = Some(ReviewStatus::PriceAdjustRequired);
    order.head.moments.0.released_at = Some(by().at);
    let gone = if matches!(status, Status::PartiallyShipped) { 1 } else { 2 };
    if matches!(status, Status::PartiallyShipped | Status::Shipped | Status::Delivered) {
        for line in &mut order.lines[..gone] {
            (line.planned, line.shipped) = (line.quantity, line.quantity);
        }
    }
    order
}
pub(crate) fn answer(complete: bool) -> AvailabilityAnswered {
    let answered = |row: &LineRow| {
        let held = if complete { row.quantity } else { Quantity::ZERO };
        let short = Quantity::new(row.quantity.get() - held.get());
        AnsweredLine { line_id: row.id, sku: row.sku.clone(), requested: row.quantity, held, short }
    };
    AvailabilityAnswered {
        order_id: OrderId(Uuid::nil()),
        hold_id: HoldId(Uuid::nil()),
        number: "SO-2026-000001".into(),
        complete,
        lines: draft().lines.iter().map(answered).collect(),
    }
}
fn goods(order: &Order, index: usize) -> Vec<WantedLine> {
    vec![order.lines[index].of(order.lines[index].quantity)]
}
fn some(line: &LineRow, quantity: &str) -> NewShipmentLine {
    NewShipmentLine { line_id: line.id, quantity: quantity.parse().unwrap() }
}

type Steps = Vec<(&'static str, platform::Result<Change<Order>>)>;

/// Every command on an order in this state.
fn commands(from: Status) -> Steps {
    let one = || order(from);
    let by = by();
    let unreleased = || {
        let mut order = one();
        order.head.moments.0.released_at = None;
        order
    };
    let held = || one().hold("wait".into(), Uuid::nil(), &by).map(|change| change.after().clone());
    let resumed = held().and_then(|order| order.resume("go on".into(), &by));
    let paid = || {
        let mut order = one();
        order.head.moments.0.settled_at = Some(by.at);
        order
    };
    let last = goods(&draft(), 1);
    let ship = |order: Order| {
        let (planned, goods) = order.plan_shipment(&[])?;
        Ok(planned.after().clone().ship(&goods, &by)?)
    };
    let unplan = |order: Order| {
        let (planned, goods) = order.plan_shipment(&[])?;
        Ok(planned.after().clone().unplan_shipment(&goods)?)
    };
    vec![
        ("update", one().update(wire::orders::OrderPatch::default(), &enter::Products::default(), Uuid::nil, &by)),
        ("submit", one().submit(Uuid::nil(), &by).map_err(Into::into)),
        ("check", one().check().map_err(Into::into)),
        ("answer", one().answered(&answer(true), Vec::new(), Uuid::nil(), &by).map_err(Into::into)),
        ("answer", one().answered(&answer(false), Vec::new(), Uuid::nil(), &by).map_err(Into::into)),
        ("split", some_held(from).split(brief(), &by)),
        ("substitute", some_held(from).substitute(&other("5"), brief(), &products("5"), Uuid::max, &by)),
        ("recheck", one().recheck().map_err(Into::into)),
        ("follow_shortage", one().follow_shortage(brief()).map_err(Into::into)),
        ("inspect", one().inspected(Quality::default()).map_err(Into::into)),
        ("scrap", some_held(from).scrap(Uuid::from_u128(2), "1".parse().unwrap(), Quality::default())),
        ("lose_contract", one().lost_contract("CT-1", "改签").map_err(Into::into)),
        ("require_contract", waiting(from).require_another_contract(Uuid::nil(), &by).map_err(Into::into)),
        ("review", one().reviewed(ReviewResult::ApprovedToInvoice).map_err(Into::into)),
        ("review", one().reviewed(ReviewResult::PriceAdjustRequired).map_err(Into::into)),
        ("resubmit", one().resubmitted().map_err(Into::into)),
        ("confirm", one().confirm(work(&["warehouse"]), &by).map_err(Into::into)),
        ("start", one().start().map_err(Into::into)),
        ("work_done", one().work_done().map_err(Into::into)),
        ("release", unreleased().release(&by).map_err(Into::into)),
        ("plan_shipment", one().plan_shipment(&[]).map(|(change, _)| change)),
        ("unplan_shipment", unplan(one())),
        ("ship", ship(one())),
        ("deliver", one().deliver(&last, &by).map_err(Into::into)),
        ("take_back", one().take_back(&goods(&draft(), 0)).map_err(Into::into)),
        ("accept", one().accept(&by).map_err(Into::into)),
        ("complete", paid().complete(&by).map_err(Into::into)),
        ("hold", one().hold("wait".into(), Uuid::nil(), &by).map_err(Into::into)),
        ("resume", resumed.map_err(Into::into)),
        ("cancel", one().cancel("changed their mind".into(), &by).map_err(Into::into)),
        ("cover", one().covered(&contract("200000"), &by)),
        ("settle", one().settle(&by).map_err(Into::into)),
        ("unsettle", paid().unsettle("退票".into()).map_err(Into::into)),
    ]
}

/// A work item for each of these departments.
fn work(departments: &[&str]) -> Vec<AssignedWork> {
    let item = |department: &&str| AssignedWork {
        work_item_id: WorkItemId(Uuid::nil()),
        department_id: (*department).to_owned(),
        acknowledge_until: by().at,
    };
    departments.iter().map(item).collect()
}

#[test]
fn ord_10_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        for (command, outcome) in commands(from) {
            let Ok(change) = outcome else { continue };
            let after = change.after();
            let info = Order::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
            assert!(info.to.contains(&after.head.status.as_str()), "{command} leads where the table says");
            assert!(after.head.version > 1, "{command} makes a version");
            let facts = change.event_types().join(" ").replace("orders.", "").replace(".v1", "");
            table += format!("{from} {command} {} {facts}", after.head.status).trim_end();
            table += "\n";
        }
    }
    assert_eq!(table, include_str!("life.txt"), "{table}");
}

#[test]
fn ord_09_more_than_100_000_00_waits_for_a_contract() {
    let placed =
        |gross: &str| over(gross).submit(Uuid::nil(), &by()).unwrap().after().holds_now(HoldKind::ContractRequired);
    assert_eq!([placed("99999.99"), placed("100000.00"), placed("100000.01")], [false, false, true]);
    let mut contracted = over("100000.01");
    contracted.head.contract_id = Some(ContractId(Uuid::nil()));
    let change = contracted.submit(Uuid::nil(), &by()).unwrap();
    assert_eq!(change.event_types(), ["orders.availability.requested.v1"]);
}

#[test]
fn ord_09_the_contract_must_cover_the_whole_order() {
    let held = || over("150000.00").submit(Uuid::nil(), &by()).unwrap().after().clone();
    let cover = |gross: &str| held().covered(&contract(gross), &by()).map(|change| change.event_types());
    assert_eq!(cover("149999.99").unwrap_err().code(), "order.contract_too_small");
    assert_eq!(cover("150000.00").unwrap(), ["orders.order.hold_released.v1"]);
    assert_eq!(cover("150000.01").unwrap(), ["orders.order.hold_released.v1"]);
    let mut other = held();
    other.head.contract_id = Some(ContractId(Uuid::nil()));
    assert_eq!(other.covered(&contract("150000.00"), &by()).unwrap_err().code(), "order.other_contract");
}

#[test]
fn ord_06_what_is_short_is_named_and_held_once() {
    let short = order(Status::Submitted).answered(&answer(false), Vec::new(), Uuid::nil(), &by()).unwrap();
    assert_eq!(short.after().holds[0].reason.as_deref(), Some("PUMP-1 0/10; PUMP-2 0/5"));
    let again = short.after().clone().answered(&answer(false), Vec::new(), Uuid::max(), &by()).unwrap();
    assert_eq!((again.after().holds.len(), again.event_types().len()), (1, 0), "a second short answer is no news");
    let complete = again.after().clone().answered(&answer(true), Vec::new(), Uuid::max(), &by()).unwrap();
    assert_eq!(complete.event_types(), ["orders.order.hold_released.v1", "orders.order.checked.v1"]);
    assert_eq!(
        (complete.after().head.status, complete.after().holds_now(HoldKind::Shortage)),
        (Status::Checked, false)
    );
}

#[test]
fn ord_10_a_hold_stops_every_step_to_the_customer() {
    let held = |status| order(status).hold("wait".into(), Uuid::nil(), &by()).unwrap().after().clone();
    let gate = |refused: Refused| refused.gates(platform::Language::English)[0].gate.clone();
    assert_eq!(gate(held(Status::Draft).submit(Uuid::nil(), &by()).unwrap_err()), "hold");
    assert_eq!(gate(held(Status::FinanceReviewed).confirm(vec![], &by()).unwrap_err()), "hold");
    assert_eq!(gate(held(Status::InFulfilment).release(&by()).unwrap_err()), "hold");
    assert_eq!(gate(held(Status::InFulfilment).ship(&[], &by()).unwrap_err()), "hold");
    assert_eq!(gate(held(Status::Draft).hold("again".into(), Uuid::nil(), &by()).unwrap_err()), "hold");
    assert_eq!(gate(order(Status::Draft).resume("what?".into(), &by()).unwrap_err()), "hold");
}

#[test]
fn ord_20_21_nothing_ships_before_quality_and_finance() {
    let gates =
        |order: Order| -> Vec<&'static str> { order.gates("plan_shipment").iter().map(|gate| gate.gate).collect() };
    let mut one = order(Status::InFulfilment);
    one.head.open_work_items = 1;
    assert_eq!(gates(one.clone()), ["quality_gate"]);
    one.head.moments.0.released_at = None;
    assert_eq!(gates(one.clone()), ["quality_gate", "release"]);
    one.head.open_work_items = 0;
    assert_eq!(gates(one.clone()), ["release"]);
    let released = one.release(&by()).unwrap().after().clone();
    assert_eq!(gates(released.clone()), [""; 0]);
    assert!(released.release(&by()).is_err(), "once");
}

#[test]
fn ord_22_shipments_never_hold_more_than_was_ordered() {
    let one = order(Status::InFulfilment);
    let plan =
        |order: &Order, line: usize, quantity: &str| order.clone().plan_shipment(&[some(&order.lines[line], quantity)]);
    assert!(plan(&one, 0, "10").is_ok());
    assert_eq!(plan(&one, 0, "10.0001").unwrap_err().code(), "order.more_than_open");
    assert_eq!(plan(&one, 0, "0").unwrap_err().code(), "order.shipped_quantity");
    let (first, goods) = plan(&one, 0, "9.9999").unwrap();
    let rest = first.after().clone();
    assert!(plan(&rest, 0, "0.0001").is_ok());
    assert_eq!(plan(&rest, 0, "0.0002").unwrap_err().code(), "order.more_than_open");
    let twice = [some(&one.lines[0], "6"), some(&one.lines[0], "6")];
    assert_eq!(one.clone().plan_shipment(&twice).unwrap_err().code(), "order.more_than_open");
    let unknown = NewShipmentLine { line_id: Uuid::max(), quantity: "1".parse().unwrap() };
    assert_eq!(one.clone().plan_shipment(&[unknown]).unwrap_err().code(), "order.unknown_line");
    let (all, _) = one.plan_shipment(&[]).unwrap();
    assert_eq!(all.after().clone().plan_shipment(&[]).unwrap_err().code(), "order.nothing_open");
    assert!(all.after().clone().cancel("no".into(), &by()).is_err(), "what is being shipped cannot be cancelled");
    let freed = rest.unplan_shipment(&goods).unwrap().after().clone();
    assert_eq!(freed.lines[0].open(), freed.lines[0].quantity);
}

#[test]
fn ord_10_parts_make_it_partially_shipped_and_the_last_one_shipped_and_delivered() {
    let one = order(Status::InFulfilment);
    let all = |order: &Order| order.clone().plan_shipment(&[]).unwrap().0.after().clone();
    let (first, second) = (goods(&one, 0), goods(&one, 1));
    let part = all(&one).ship(&first, &by()).unwrap().after().clone();
    assert_eq!((part.head.status, part.head.moments.0.shipped_at), (Status::PartiallyShipped, None));
    let arrived = part.deliver(&first, &by()).unwrap().after().clone();
    assert_eq!(arrived.head.status, Status::PartiallyShipped, "the rest is still here");
    let gone = arrived.ship(&second, &by()).unwrap().after().clone();
    assert_eq!((gone.head.status, gone.head.moments.0.shipped_at), (Status::Shipped, Some(by().at)));
    let back = gone.clone().take_back(&second).unwrap().after().clone();
    assert_eq!((back.head.status, back.lines[1].open()), (Status::PartiallyShipped, back.lines[1].quantity));
    assert_eq!(gone.deliver(&second, &by()).unwrap().after().head.status, Status::Delivered);
}

#[test]
fn ord_11_a_department_is_told_once_and_without_work_fulfilment_begins() {
    let confirm = |list: &[&str]| {
        let change = order(Status::FinanceReviewed).confirm(work(list), &by()).unwrap();
        (change.after().head.status, change.after().head.open_work_items)
    };
    assert_eq!(confirm(&["warehouse", "quality", "warehouse"]), (Status::Confirmed, 3));
    assert_eq!(confirm(&[]), (Status::InFulfilment, 0));
}

#[test]
fn ord_05_the_price_check_compares_every_field_with_the_quote() {
    let differences = |change: fn(&mut LineRow)| {
        let mut order = draft();
        change(&mut order.lines[0]);
        order.price_check().lines[0].differences.clone()
    };
    assert!(draft().price_check().matches);
    assert_eq!(differences(|line| line.unit_price = "99.9999".parse().unwrap()), ["unit_price"]);
    assert_eq!(differences(|line| line.quantity = "9".parse().unwrap()), ["quantity"]);
    assert_eq!(differences(|line| line.discount_rate = "0.0001".parse().unwrap()), ["discount_rate"]);
    assert_eq!(differences(|line| line.tax_rate = "0.13".parse().unwrap()), ["tax_rate"]);
    assert_eq!(differences(|line| line.sku = "OTHER".into()), ["sku"]);
    let mut shorter = draft();
    shorter.lines.pop();
    assert_eq!(shorter.price_check().lines[1].differences, ["missing"]);
}

#[test]
fn ord_10_what_costs_nothing_is_paid() {
    let mut free = over("0");
    free.head.status = Status::Accepted;
    assert!(free.complete(&by()).is_ok());
    let refused = order(Status::Accepted).complete(&by()).unwrap_err();
    assert_eq!(refused.gates(platform::Language::Chinese)[0].gate, "payment");
}

#[test]
fn ord_38_money_that_was_taken_back_has_to_be_paid_again() {
    let paid = order(Status::Accepted).settle(&by()).unwrap().after().clone();
    let open = paid.unsettle("退票".into()).unwrap().after().clone();
    let refused = open.complete(&by()).unwrap_err();
    assert_eq!(refused.gates(platform::Language::Chinese)[0].gate, "payment");
}
