//! The machine of items on one screen, and every rule at its boundary.
use super::*;
use platform::Rule;
use uuid::Uuid;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: wire::Ownership::default() }
}
fn new(price: &str) -> NewItem {
    let purchase_price = Some(Money { amount: price.parse().unwrap(), currency: Currency::CNY });
    NewItem {
        sku: "PUMP-40".parse().unwrap(),
        name: "离心泵".parse().unwrap(),
        unit: "台".parse().unwrap(),
        product_sku: None,
        preferred_supplier_id: None,
        purchase_price,
        reorder_level: "10".parse().unwrap(),
        external_refs: Vec::new(),
    }
}
fn item(status: Status) -> Item {
    let mut item = Item::register(ItemId(Uuid::nil()), new("820.00"), &by()).unwrap().after().clone();
    item.status = status;
    item
}
fn refs(count: usize) -> Vec<ExternalRef> {
    (0..count).map(|n| ExternalRef { system: "erp".parse().unwrap(), id: n.to_string().parse().unwrap() }).collect()
}

#[test]
fn the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps =
            [("update", item(from).update(ItemPatch::default())), ("retire", item(from).retire().map_err(Into::into))];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                table.push(format!("{from} {command} {} v{} {:?}", after.status, after.version, change.event_types()));
            }
        }
    }
    assert_eq!(
        table,
        [
            "active update active v2 [\"procurement.item.changed.v1\"]",
            "active retire retired v2 [\"procurement.item.changed.v1\"]"
        ]
    );
}

#[test]
fn prices_and_references_have_bounds() {
    let code =
        |new: NewItem| Item::register(ItemId(Uuid::nil()), new, &by()).map(drop).map_err(|rule| rule.code().to_owned());
    assert_eq!(
        [code(new("-0.01")), code(new("0")), code(new("0.01"))],
        [Err("item.purchase_price".into()), Ok(()), Ok(())]
    );
    let with = |count| code(NewItem { external_refs: refs(count), ..new("1") });
    assert_eq!([with(20), with(21)], [Ok(()), Err("item.external_refs".into())]);
}

#[test]
fn an_upsert_without_a_difference_makes_no_version_and_the_sku_stays() {
    assert!(item(Status::Active).replace(new("820.0000")).unwrap().is_none(), "820.00 is 820.0000");
    let change = item(Status::Active).replace(new("820.01")).unwrap().unwrap();
    assert_eq!((change.after().version, change.after().price().unwrap().to_string()), (2, "820.01 CNY".into()));
    let other = NewItem { sku: "PUMP-41".parse().unwrap(), ..new("820.00") };
    assert_eq!(item(Status::Active).replace(other).unwrap_err().code(), "item.sku_fixed");
    assert!(item(Status::Retired).replace(new("820.00")).unwrap().is_none());
    assert_eq!(item(Status::Retired).replace(new("1")).unwrap_err().code(), "state.refused");
    let tied = item(Status::Active).replace(NewItem { external_refs: refs(2), ..new("820.00") }).unwrap().unwrap();
    assert_eq!(tied.after().external_refs.0.len(), 2);
}
