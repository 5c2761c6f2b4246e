//! Bills of material: what a line may be, and the machine.
use super::*;
use platform::Rule;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::Ownership;

fn by() -> Stamp {
    Stamp { at: Moment::new(jiff::Timestamp::UNIX_EPOCH), actor: "user:b".into(), ownership: Ownership::default() }
}
fn items() -> Items {
    ["FRAME", "WHEEL", "SPOKE"].iter().map(|sku| ((*sku).to_owned(), id(sku))).collect()
}
fn id(sku: &str) -> ItemId {
    Uuid::from_u128(u128::from(sku.as_bytes()[0])).into()
}
fn line(sku: &str, quantity: &str, from: &str, until: Option<&str>) -> Value {
    json!({"sku": sku, "quantity": quantity, "unit": "只", "effective_from": from, "effective_until": until})
}
fn bike(lines: Vec<Value>) -> NewBillOfMaterial {
    serde_json::from_value(json!({"sku": "BIKE", "lines": lines})).unwrap()
}
fn draw_up(new: NewBillOfMaterial, above: &[ItemId]) -> Result<BillOfMaterial, BillRule> {
    BillOfMaterial::draw_up(Uuid::now_v7().into(), id("BIKE"), new, &items(), above, &by())
        .map(|change| change.after().clone())
}
fn code(lines: Vec<Value>) -> Option<String> {
    draw_up(bike(lines), &[id("BIKE")]).err().map(|rule| rule.code().to_owned())
}

#[test]
fn quo_04_each_line_at_its_edge() {
    let one = |quantity, until| vec![line("WHEEL", quantity, "2026-01-10", until)];
    assert_eq!(code(one("0.0001", None)), None);
    assert_eq!(code(one("0", None)).as_deref(), Some("bill_of_material.quantity"));
    assert_eq!(code(one("2", Some("2026-01-10"))), None, "good for one day");
    assert_eq!(code(one("2", Some("2026-01-09"))).as_deref(), Some("bill_of_material.period"));
    assert_eq!(code(vec![line("SADDLE", "1", "2026-01-01", None)]).as_deref(), Some("bill_of_material.unknown_item"));
    let two = |until| vec![line("WHEEL", "2", "2026-01-10", Some(until)), line("WHEEL", "3", "2026-02-01", None)];
    assert_eq!(code(two("2026-01-31")), None, "one after the other");
    assert_eq!(code(two("2026-02-01")).as_deref(), Some("bill_of_material.overlap"));
    let many = |count| (0..count).map(|_| line("WHEEL", "2", "2026-01-10", Some("2026-01-10"))).collect();
    assert_eq!(code(many(501)).as_deref(), Some("bill_of_material.lines"));
}

#[test]
fn quo_04_nothing_is_put_together_from_itself() {
    let wheel = || bike(vec![line("WHEEL", "2", "2026-01-10", None)]);
    assert!(draw_up(wheel(), &[id("BIKE")]).is_ok());
    let refused = draw_up(wheel(), &[id("BIKE"), id("WHEEL")]).unwrap_err();
    assert_eq!(refused.code(), "bill_of_material.cycle");
}

#[test]
fn quo_04_the_whole_life_on_one_screen() {
    let wheels = |quantity| bike(vec![line("WHEEL", quantity, "2026-01-10", None)]);
    let active = draw_up(wheels("2"), &[]).unwrap();
    assert!(active.clone().replace(wheels("2"), &items(), &[]).unwrap().is_none(), "no difference");
    let changed = active.clone().replace(wheels("3"), &items(), &[]).unwrap().unwrap().after().clone();
    assert_eq!((changed.lines[0].quantity.to_string(), changed.head.version), ("3".into(), 2));
    let other: NewBillOfMaterial = serde_json::from_value(json!({"sku": "TRIKE", "lines": []})).unwrap();
    assert!(active.replace(other, &items(), &[]).is_err());
    let retired = changed.retire().unwrap().after().clone();
    assert_eq!((retired.head.status, retired.head.version), (Status::Retired, 3));
    assert!(retired.clone().retire().is_err());
    assert!(retired.replace(wheels("4"), &items(), &[]).is_err());
}
