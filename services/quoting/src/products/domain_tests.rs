//! The machine of products on one screen, and what a PUT changes.
use super::*;
use platform::Rule;
use std::fmt::Write;
use wire::Ownership;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
}
fn new(price: &str, status: Option<Status>) -> NewProduct {
    NewProduct {
        sku: "PUMP-40".parse().unwrap(),
        name: "离心泵".parse().unwrap(),
        name_en: None,
        description: None,
        specification: None,
        unit: "piece".parse().unwrap(),
        list_price: price.parse().unwrap(),
        currency: Currency::CNY,
        tax_rate: "0.13".parse().unwrap(),
        positioning: None,
        status,
        external_refs: Vec::new(),
    }
}
fn product(status: Status) -> Product {
    let draft = Product::create(ProductId(uuid::Uuid::nil()), new("10", None), &by()).unwrap();
    Product { status, ..draft.after().clone() }
}
fn code<T>(outcome: platform::Result<T>) -> String {
    outcome.map_or_else(|error| error.code().to_owned(), |_| "ok".into())
}

#[test]
fn quo_13_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let steps = [
            ("update", product(from).update(ProductPatch::default())),
            ("publish", product(from).publish(&by()).map_err(Into::into)),
            ("retire", product(from).retire("superseded".into(), &by()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                writeln!(table, "{from} {command} {} {:?}", change.after().status, change.event_types()).unwrap();
                let info = Product::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().version, 2, "{command} makes a version");
            }
        }
    }
    assert_eq!(
        table.lines().collect::<Vec<_>>(),
        [
            "draft update draft []",
            "draft publish active [\"quoting.product.published.v1\"]",
            "active update active [\"quoting.product.published.v1\"]",
            "active retire retired [\"quoting.product.retired.v1\"]",
        ]
    );
}

#[test]
fn quo_13_a_put_changes_only_what_differs_and_publishes_only_when_asked() {
    let put = |from: Status, price: &str, status: Option<Status>| {
        let change = product(from).put(new(price, status), &by())?;
        Ok::<_, platform::ApiError>(change.map(|c| (c.after().status, c.after().version, c.event_types().len())))
    };
    assert_eq!(put(Status::Draft, "10.00", None).unwrap(), None, "10 and 10.00 are one price");
    assert_eq!(put(Status::Draft, "10.01", None).unwrap(), Some((Status::Draft, 2, 0)));
    assert_eq!(put(Status::Draft, "10", Some(Status::Active)).unwrap(), Some((Status::Active, 2, 1)));
    assert_eq!(put(Status::Active, "10", Some(Status::Active)).unwrap(), None);
    assert_eq!(put(Status::Active, "9.99", Some(Status::Draft)).unwrap(), Some((Status::Active, 2, 1)), "no way back");
    assert_eq!(put(Status::Retired, "10", None).unwrap(), None);
    assert_eq!(code(put(Status::Retired, "9.99", None)), "state.refused");
    assert_eq!(code(put(Status::Retired, "10", Some(Status::Active))), "state.refused");
    assert_eq!(code(put(Status::Active, "10", Some(Status::Retired))), "product.status");
    let other = NewProduct { sku: "PUMP-41".parse().unwrap(), ..new("10", None) };
    assert_eq!(code(product(Status::Draft).put(other, &by())), "product.sku_fixed");
}

#[test]
fn quo_13_prices_beginnings_and_references_have_bounds() {
    let create = |new: NewProduct| code(Product::create(ProductId(uuid::Uuid::nil()), new, &by()));
    assert_eq!([create(new("-0.0001", None)), create(new("0", None))], ["product.list_price", "ok"]);
    assert_eq!(create(new("1", Some(Status::Retired))), "product.status");
    let refs = |count: usize| {
        let named = |n: usize| ExternalRef { system: "erp".parse().unwrap(), id: n.to_string().parse().unwrap() };
        create(NewProduct { external_refs: (0..count).map(named).collect(), ..new("1", None) })
    };
    assert_eq!([refs(20), refs(21)], ["ok", "product.external_refs"]);
    assert_eq!(ProductRule::Price.pointer(), "/list_price");
}
