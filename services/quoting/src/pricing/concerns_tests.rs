//! What a priced quote comes to, and who would be asked.
use super::*;
use crate::{pricing_policies::PricingPolicy, products::Listed};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Currency, Moment,
    crm::AccountId,
    json::Kept,
    quoting::{
        PriceConcern::{self, BelowFloor, CostUnknown, LowMargin},
        PricingPolicyId, ProductId,
    },
};

fn sources() -> Sources {
    let rules = json!([{"kind": "minimum_price", "rate": "0.8"}]);
    let policy = PricingPolicy {
        id: PricingPolicyId(Uuid::nil()),
        revision: 2,
        rules: Kept(serde_json::from_value(rules).unwrap()),
        margin_floors: Kept(vec![]),
        effective_from: "2026-01-01".parse().unwrap(),
        published_by: "user:fay".into(),
        published_at: Moment::new("2026-01-01T00:00:00Z".parse().unwrap()),
        reason: "yearly".into(),
    };
    let (list_price, currency) = ("100".parse().unwrap(), Currency::CNY);
    let listed = Listed { id: ProductId(Uuid::nil()), name: "pump".into(), version: 1, list_price, currency };
    Sources { policy, books: vec![], products: HashMap::from([("A".into(), listed)]), market: vec![] }
}
fn line(price: Option<&str>, quantity: &str) -> PriceLine {
    let (sku, quantity) = ("A".parse().unwrap(), quantity.parse().unwrap());
    let unit_price = price.map(|price| price.parse().unwrap());
    PriceLine { sku, quantity, unit_price, discount_rate: wire::Rate::ZERO, tax_rate: wire::Rate::ZERO }
}
fn ask(lines: Vec<PriceLine>, cost: Option<&str>) -> Result<PricedQuote, String> {
    let asked = Asked {
        account_id: AccountId(Uuid::nil()),
        tier: None,
        region: None,
        currency: Currency::CNY,
        day: "2026-03-02".parse().unwrap(),
    };
    let cost = cost.map_or(Cost::Unknown, |cost| Cost::Known(cost.parse().unwrap()));
    let floor = Floor { version: 1, floor: "0.05".parse().unwrap(), pricing_policy_revision: None };
    quote(&asked, &sources(), lines, cost, floor).map_err(|rule| platform::Rule::code(&rule).to_owned())
}

#[test]
fn quo_05_approval_is_needed_below_the_least_price_and_below_the_margins_floor() {
    let concerns = |price: &str, cost| -> Vec<PriceConcern> {
        let priced = ask(vec![line(Some(price), "10")], cost).unwrap();
        assert_eq!(priced.approval_required, !priced.concerns.is_empty());
        priced.concerns
    };
    let free = |price| concerns(price, Some("0"));
    assert_eq!(["79.99", "80.00", "80.01"].map(free), [vec![BelowFloor], vec![], vec![]]);
    // 10 × 100.00 less 5 % leave 950.00.
    let costing = |cost| concerns("100.00", Some(cost));
    assert_eq!(["949.99", "950.00", "950.01"].map(costing), [vec![], vec![], vec![LowMargin]]);
    assert_eq!(concerns("79.99", Some("799.90")), [BelowFloor, LowMargin]);
    assert_eq!(concerns("999.99", None), [CostUnknown]);
}

#[test]
fn quo_05_the_total_is_of_rounded_lines_and_the_margin_what_it_leaves() {
    let priced = ask(vec![line(None, "3"), line(Some("0.335"), "3")], Some("100")).unwrap();
    let nets: Vec<String> = priced.lines.iter().map(|line| line.net.to_string()).collect();
    assert_eq!((nets, priced.total.to_string()), (vec!["300.00".into(), "1.00".into()], "301.00 CNY".into()));
    let margin = priced.margin.unwrap();
    assert_eq!(
        (margin.margin.to_string(), margin.margin_rate.unwrap().to_string()),
        ("201.00 CNY".into(), "0.6678".into())
    );
    assert!(priced.approval_required, "0.335 is below the least price");
    let taxed = PriceLine { tax_rate: "0.13".parse().unwrap(), ..line(Some("0.335"), "3") };
    let priced = ask(vec![taxed.clone(), taxed], None).unwrap();
    assert_eq!((priced.total.to_string(), priced.gross.to_string()), ("2.00 CNY".into(), "2.26 CNY".into()));
}

#[test]
fn quo_05_what_is_asked_has_bounds() {
    let code = |lines| ask(lines, None).map_or_else(|code| code, |_| "ok".to_owned());
    assert_eq!(code(vec![]), "pricing.lines");
    assert_eq!([code(vec![line(None, "1"); 500]), code(vec![line(None, "1"); 501])], ["ok", "pricing.lines"]);
    assert_eq!([code(vec![line(None, "0")]), code(vec![line(None, "0.0001")])], ["pricing.quantity", "ok"]);
    assert_eq!(
        [code(vec![line(Some("-0.0001"), "1")]), code(vec![line(Some("0"), "1")])],
        ["pricing.unit_price", "ok"]
    );
    let sku = PriceLine { sku: "B".parse().unwrap(), ..line(None, "1") };
    assert_eq!(code(vec![sku]), "pricing.sku");
    assert_eq!(code(vec![line(Some("99999999999999.99"), "1")]), "ok");
    assert_eq!(code(vec![line(Some("99999999999999.99"), "1"), line(Some("0.01"), "1")]), "pricing.total");
}
