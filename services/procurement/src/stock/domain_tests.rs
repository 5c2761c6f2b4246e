//! Every command of stock at its boundary; the books add up after each.
use super::*;
use platform::Rule;
use wire::procurement::PurchaseOrderId;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
}
fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}
fn stock(on_hand: &str, held: &str) -> Stock {
    let from = ExternalRef { system: "erp".parse().unwrap(), id: "1".parse().unwrap() };
    let item = ("PUMP-40".to_owned(), ItemId(Uuid::nil()));
    let change =
        Stock::open(StockId(Uuid::nil()), item, MAIN.into(), on_hand.parse().unwrap(), &from, Uuid::nil(), &by());
    assert_eq!(change.event_types()[0], "procurement.stock.changed.v1");
    let mut stock = change.after().clone();
    assert_eq!((stock.entries[0].kind, stock.entries[0].change), (Kind::Opening, number(on_hand)));
    stock.row.held = held.parse().unwrap();
    stock
}
fn shipped() -> Shipped {
    Shipped { order_id: OrderId(Uuid::nil()), shipment_id: ShipmentId(Uuid::nil()), cause_event_id: None }
}

#[test]
fn pro_39_only_what_is_available_is_held() {
    let held = |quantity: &str| {
        stock("10", "4").hold(number(quantity)).map(|c| c.after().row.held.to_string()).map_err(|r| r.code().to_owned())
    };
    assert_eq!(
        [held("5.99"), held("6"), held("6.01")],
        [Ok("9.99".into()), Ok("10".into()), Err("stock.not_available".into())]
    );
    let freed = |quantity: &str| {
        stock("10", "4").free(number(quantity)).map(|c| c.after().row.held.to_string()).map_err(|r| r.code().to_owned())
    };
    assert_eq!(
        [freed("3.99"), freed("4"), freed("4.01")],
        [Ok("0.01".into()), Ok("0".into()), Err("stock.not_held".into())]
    );
}

#[test]
fn ruling_11_what_leaves_was_held_and_every_part_has_its_entry() {
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let change =
        stock("10", "4").issue(&[(one, number("1.5")), (two, number("2.5"))], shipped(), Uuid::nil, &by()).unwrap();
    let after = change.after();
    assert_eq!(
        (after.row.on_hand.to_string(), after.row.held.to_string(), after.row.version),
        ("6".into(), "0".into(), 2)
    );
    let entries: Vec<_> =
        after.entries.iter().map(|e| (e.kind, e.change.to_string(), e.on_hand_after.to_string(), e.line_id)).collect();
    assert_eq!(
        entries,
        [(Kind::Issue, "-1.5".into(), "8.5".into(), Some(one)), (Kind::Issue, "-2.5".into(), "6".into(), Some(two))]
    );
    let more = stock("10", "4").issue(&[(one, number("4.01"))], shipped(), Uuid::nil, &by()).unwrap_err();
    assert_eq!(more.code(), "stock.not_held");
}

#[test]
fn ruling_11_what_is_lost_and_what_comes_back_has_its_entry() {
    let line = Uuid::from_u128(1);
    let why = Scrapped {
        order_id: OrderId(Uuid::nil()),
        nonconformity_id: wire::orders::NonconformityId(Uuid::nil()),
        reason: "cracked".into(),
        cause_event_id: None,
    };
    let lost = stock("10", "4").scrap(&[(line, number("1.5"))], &why, Uuid::nil, &by()).unwrap().after().clone();
    assert_eq!((lost.row.on_hand.to_string(), lost.row.held.to_string()), ("8.5".into(), "2.5".into()));
    let entry = &lost.entries[0];
    assert_eq!(
        (entry.kind, entry.change.to_string(), entry.reason.as_deref()),
        (Kind::Adjust, "-1.5".into(), Some("cracked"))
    );
    let more = stock("10", "4").scrap(&[(line, number("4.01"))], &why, Uuid::nil, &by()).unwrap_err();
    assert_eq!(more.code(), "stock.not_held");
    for (held, now) in [(true, ("12", "6")), (false, ("12", "4"))] {
        let change = stock("10", "4").take_back(&[(line, number("2"))], shipped(), held, Uuid::nil, &by());
        let (row, entry) = (&change.after().row, &change.after().entries[0]);
        assert_eq!((row.on_hand.to_string(), row.held.to_string()), (now.0.to_owned(), now.1.to_owned()));
        assert_eq!((entry.kind, entry.change.to_string(), entry.line_id), (Kind::Return, "2".into(), Some(line)));
    }
}

#[test]
fn pro_39_it_is_told_when_more_can_be_promised_and_only_then() {
    let freed = |change: Change<Stock>| change.event_types().contains(&"procurement.stock.freed.v1");
    let count = |counted: &str| {
        let change = stock("10", "4").adjust(counted.parse().unwrap(), "counted".into(), Uuid::nil(), &by());
        freed(change.unwrap())
    };
    assert_eq!([count("9.99"), count("10.01")], [false, true]);
    let parts = [(Uuid::nil(), number("2"))];
    let back = |held| freed(stock("10", "4").take_back(&parts, shipped(), held, Uuid::nil, &by()));
    assert_eq!([back(true), back(false)], [false, true]);
    assert!(freed(stock("10", "4").free(number("1")).unwrap()) && !freed(stock("10", "4").hold(number("1")).unwrap()));
    assert!(!freed(stock("10", "4").issue(&parts, shipped(), Uuid::nil, &by()).unwrap()));
}

#[test]
fn ruling_11_a_count_is_an_entry_with_its_reason_and_never_below_what_is_held() {
    let adjust = |counted: &str| {
        let outcome = stock("10", "4").adjust(counted.parse().unwrap(), "counted".into(), Uuid::nil(), &by());
        outcome.map(|c| c.after().entries[0].change.to_string()).map_err(|error| error.code().to_owned())
    };
    assert_eq!(
        [adjust("3.99"), adjust("4"), adjust("4.01")],
        [Err("stock.below_held".into()), Ok("-6".into()), Ok("-5.99".into())]
    );
    assert_eq!(
        [adjust("9.99"), adjust("10"), adjust("10.01")],
        [Ok("-0.01".into()), Err("stock.no_difference".into()), Ok("0.01".into())]
    );
}

#[test]
fn the_status_is_what_the_quantities_say() {
    assert_eq!(
        [stock("10", "9.99").state(), stock("10", "10").state(), stock("0", "0").state()],
        [Status::Available, Status::Exhausted, Status::Exhausted]
    );
}

#[test]
fn pro_29_what_a_supplier_delivered_is_a_receipt_of_its_line() {
    let delivered = Delivered {
        purchase_order_id: PurchaseOrderId(Uuid::nil()),
        purchase_order_line_id: Uuid::from_u128(1),
        goods_receipt_id: GoodsReceiptId(Uuid::from_u128(2)),
        goods_receipt_line_id: Uuid::from_u128(3),
        discrepancy_id: None,
    };
    let quantity = "2.5".parse().unwrap();
    let item = ("PUMP-40".to_owned(), ItemId(Uuid::nil()));
    let first = Stock::first(StockId(Uuid::nil()), item, "B-02".into(), (quantity, delivered), Uuid::nil(), &by());
    let more = stock("10", "4").receive((quantity, delivered), Uuid::nil(), &by()).unwrap();
    for (change, on_hand) in [(first, "2.5"), (more, "12.5")] {
        assert_eq!(change.event_types(), ["procurement.stock.changed.v1", "procurement.stock.received.v1"]);
        let entry = &change.after().entries[0];
        assert_eq!(
            (change.after().row.on_hand.to_string(), entry.on_hand_after.to_string()),
            (on_hand.into(), on_hand.into())
        );
        assert_eq!((entry.kind, entry.change, entry.line_id), (Kind::Receipt, number("2.5"), Some(Uuid::from_u128(3))));
        assert_eq!(entry.purchase_order_line_id, Some(Uuid::from_u128(1)));
    }
}
