//! Suppliers' prices: the machine and every number at its edge.
use super::*;
use platform::Rule;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{Moment, Ownership};

fn by() -> Stamp {
    Stamp { at: Moment::new(jiff::Timestamp::UNIX_EPOCH), actor: "user:b".into(), ownership: Ownership::default() }
}
fn new(change: impl FnOnce(&mut Value)) -> NewSupplierPrice {
    let mut body = json!({"supplier_id": Uuid::nil(), "sku": "PUMP-40", "price": {"amount": "815.00", "currency": "CNY"},
        "unit": "台", "lead_time_days": 17, "min_order_quantity": "5", "max_order_quantity": "200"});
    change(&mut body);
    serde_json::from_value(body).unwrap()
}
fn state(new: NewSupplierPrice) -> Result<SupplierPrice, SupplierPriceRule> {
    SupplierPrice::state(Uuid::now_v7().into(), Uuid::nil().into(), new, &by()).map(|change| change.after().clone())
}
fn code(new: NewSupplierPrice) -> Option<String> {
    state(new).err().map(|rule| rule.code().to_owned())
}

#[test]
fn pro_10_each_number_of_a_price_at_its_edge() {
    for (field, value, refused) in [
        ("price", json!({"amount": "-0.01", "currency": "CNY"}), Some("supplier_price.price")),
        ("price", json!({"amount": "0.00", "currency": "CNY"}), None),
        ("lead_time_days", json!(3650), None),
        ("lead_time_days", json!(3651), Some("supplier_price.lead_time")),
        ("max_order_quantity", json!("4.99"), Some("supplier_price.quantities")),
        ("max_order_quantity", json!("5"), None),
        ("max_order_quantity", Value::Null, None),
        ("last_cost", json!({"amount": "-0.01", "currency": "CNY"}), Some("supplier_price.last_cost")),
        ("last_cost", json!({"amount": "1.00", "currency": "USD"}), Some("supplier_price.last_cost")),
        ("last_cost", json!({"amount": "0.00", "currency": "CNY"}), None),
    ] {
        assert_eq!(code(new(|body| body[field] = value.clone())).as_deref(), refused, "{field} {value}");
    }
}

#[test]
fn pro_10_the_whole_life_on_one_screen() {
    let active = || state(new(|_| {})).unwrap();
    let patch = |body: Value| -> SupplierPricePatch { serde_json::from_value(body).unwrap() };
    let dearer =
        active().update(patch(json!({"price": {"amount": "820", "currency": "CNY"}}))).unwrap().after().clone();
    assert_eq!((dearer.price().to_string(), dearer.version, dearer.lead_time_days), ("820.00 CNY".into(), 2, 17));
    assert!(active().update(patch(json!({"min_order_quantity": "201"}))).is_err(), "more than the most");
    let retired = dearer.retire().unwrap().after().clone();
    assert_eq!((retired.status, retired.version), (Status::Retired, 3));
    assert!(retired.clone().retire().is_err());
    assert!(retired.clone().update(patch(json!({"lead_time_days": 1}))).is_err());
    assert!(retired.replace(new(|body| body["lead_time_days"] = json!(1))).is_err());
}

#[test]
fn pro_10_an_upsert_without_a_difference_is_none_and_names_stay() {
    let active = state(new(|_| {})).unwrap();
    assert!(active.clone().replace(new(|_| {})).unwrap().is_none());
    let changed = active.clone().replace(new(|body| body["lead_time_days"] = json!(18))).unwrap().unwrap();
    assert_eq!((changed.after().lead_time_days, changed.after().version), (18, 2));
    assert!(active.replace(new(|body| body["sku"] = json!("PUMP-41"))).is_err());
}
