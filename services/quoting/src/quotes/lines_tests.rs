//! Lines of hours (QUO-11): what an hour costs by the card, and when another price needs its reason.
use super::*;
use crate::{pricing_policies::PricingPolicy, products::Listed};
use platform::{Rule, Stamp};
use wire::{
    Moment, Ownership,
    crm::AccountId,
    quoting::{NewRateCard, PricingPolicyId, ProductId},
};

fn at() -> Moment {
    Moment::new("2026-03-02T01:00:00Z".parse().unwrap())
}
fn sources() -> Sources {
    let policy = PricingPolicy {
        id: PricingPolicyId(Uuid::nil()),
        revision: 1,
        rules: Kept(vec![]),
        margin_floors: Kept(vec![]),
        effective_from: "2026-01-01".parse().unwrap(),
        published_by: "yewu".into(),
        published_at: at(),
        reason: "shipped".into(),
    };
    let (list_price, currency) = ("999".parse().unwrap(), Currency::CNY);
    let listed = Listed { id: ProductId(Uuid::nil()), name: "安装调试".into(), version: 1, list_price, currency };
    Sources { policy, books: vec![], products: HashMap::from([("INSTALL".into(), listed)]), market: vec![] }
}
fn cards() -> Cards {
    let new = NewRateCard {
        role: "engineer".parse().unwrap(),
        hourly_rate: "380.00".parse().unwrap(),
        currency: Currency::CNY,
        first_day: "2026-03-02".parse().unwrap(),
        last_day: Some("2026-03-02".parse().unwrap()),
    };
    let by = Stamp { at: at(), actor: "user:fay".into(), ownership: Ownership::default() };
    let id = RateCardId(Uuid::nil());
    HashMap::from([(id, RateCard::create(id, new, &by).unwrap().after().clone())])
}
fn hours(rate: Option<&str>, reason: Option<&str>) -> NewQuoteLine {
    NewQuoteLine {
        kind: Some(LineKind::Service),
        sku: "INSTALL".parse().unwrap(),
        description: None,
        quantity: None,
        unit_price: None,
        discount_rate: Rate::ZERO,
        tax_rate: Rate::ZERO,
        service: Some(NewServiceEstimate {
            rate_card_id: RateCardId(Uuid::nil()),
            est_hours: "16.5".parse().unwrap(),
            rate: rate.map(|rate| rate.parse().unwrap()),
            deviation_reason: reason.map(|reason| reason.parse().unwrap()),
        }),
    }
}
fn quoted(line: NewQuoteLine, currency: Currency, day: &str) -> Result<(LineRow, LinePricing), String> {
    let day = day.parse().unwrap();
    let asked = Asked { account_id: AccountId(Uuid::nil()), tier: None, region: None, currency, day };
    priced_with(line, &asked, &sources())
}
fn priced_with(line: NewQuoteLine, asked: &Asked, sources: &Sources) -> Result<(LineRow, LinePricing), String> {
    let currency = asked.currency;
    let rows = offered(vec![line], asked, sources, &cards())
        .and_then(|offered| rows(QuoteId(Uuid::nil()), offered, currency, Uuid::now_v7));
    rows.map(|(mut rows, mut traces)| (rows.remove(0), traces.remove(0).pricing.0))
        .map_err(|rule| rule.code().to_owned())
}
fn today(line: NewQuoteLine) -> Result<(LineRow, LinePricing), String> {
    quoted(line, Currency::CNY, "2026-03-02")
}

#[test]
fn quo_11_hours_times_rate_is_the_amount_and_the_card_prices_the_hour() {
    let (row, pricing) = today(hours(None, None)).unwrap();
    assert_eq!(
        (row.quantity.to_string(), row.unit_price.to_string(), row.net.to_string()),
        ("16.5".into(), "380.00".into(), "6270.00".into())
    );
    assert_eq!((row.kind, row.manual, row.description.as_str()), (LineKind::Service, false, "安装调试"));
    assert_eq!(pricing.trace[0].kind.as_str(), "rate_card");
    let shown: QuoteLine = row.into();
    assert_eq!(shown.service.unwrap().est_hours.to_string(), "16.5");
}

#[test]
fn quo_11_another_rate_needs_its_reason() {
    let of = |rate| today(hours(Some(rate), None)).map(|(row, _)| row.manual);
    let refused = Err("quote.rate_deviation".to_owned());
    assert_eq!([of("379.99"), of("380.00"), of("380.01")], [refused.clone(), Ok(false), refused.clone()]);
    let (row, pricing) = today(hours(Some("379.99"), Some("frame agreement"))).unwrap();
    assert_eq!((row.manual, row.deviation_reason.as_deref()), (true, Some("frame agreement")));
    assert_eq!(pricing.deviation.unwrap().to_string(), "-0.01");
    let discounted = |reason| today(NewQuoteLine { discount_rate: "0.0001".parse().unwrap(), ..hours(None, reason) });
    assert_eq!(discounted(None).map(|_| ()), Err("quote.rate_deviation".into()), "a discount is another rate");
    assert!(discounted(Some("frame agreement")).is_ok());
}

#[test]
fn quo_11_a_service_names_a_card_in_force_and_nothing_that_contradicts_its_hours() {
    let on = |day| quoted(hours(None, None), Currency::CNY, day).map(|_| ());
    let refused = Err("quote.rate_card".to_owned());
    assert_eq!([on("2026-03-01"), on("2026-03-02"), on("2026-03-03")], [refused.clone(), Ok(()), refused.clone()]);
    assert_eq!(quoted(hours(None, None), "USD".parse().unwrap(), "2026-03-02").map(|_| ()), refused);
    let code = |line| today(line).map_or_else(|code| code, |_| "ok".to_owned());
    let quantity = |quantity: &str| code(NewQuoteLine { quantity: quantity.parse().ok(), ..hours(None, None) });
    assert_eq!(
        [quantity("16.4999"), quantity("16.50"), quantity("16.5001")],
        ["quote.service_quantity", "ok", "quote.service_quantity"]
    );
    assert_eq!(code(NewQuoteLine { unit_price: "380".parse().ok(), ..hours(None, None) }), "quote.service_quantity");
    assert_eq!(code(NewQuoteLine { kind: None, ..hours(None, None) }), "quote.line_kind");
    assert_eq!(code(NewQuoteLine { service: None, ..hours(None, None) }), "quote.line_kind");
    let product = NewQuoteLine { kind: None, service: None, ..hours(None, None) };
    assert_eq!(code(product.clone()), "quote.quantity", "a product has a quantity");
    assert_eq!(code(NewQuoteLine { quantity: "1".parse().ok(), ..product }), "ok");
}

#[test]
fn quo_11_what_is_sold_by_the_hour_has_its_least_price_too() {
    let day = "2026-03-02".parse().unwrap();
    let asked = Asked { account_id: AccountId(Uuid::nil()), tier: None, region: None, currency: Currency::CNY, day };
    let with = |rule: serde_json::Value, list: &str, rate: &str| {
        let mut sources = sources();
        sources.policy.rules = Kept(serde_json::from_value(serde_json::json!([rule])).unwrap());
        sources.products.get_mut("INSTALL").unwrap().list_price = list.parse().unwrap();
        let (row, _) = priced_with(hours(Some(rate), Some("frame agreement")), &asked, &sources).unwrap();
        (row.price_floor.map(|floor| floor.to_string()), row.standing().below_floor)
    };
    // Half of the card's 380.00 an hour, or of the product's list price where that is more.
    let half = || serde_json::json!({"kind": "minimum_price", "rate": "0.5"});
    let floor = |floor: &str, below| (Some(floor.to_owned()), below);
    let rates = ["189.99", "190.00", "190.01"].map(|rate| with(half(), "100", rate));
    assert_eq!(rates, [floor("190.00", true), floor("190.00", false), floor("190.00", false)]);
    assert_eq!(with(half(), "999", "380.00"), floor("499.50", true), "a pump by the hour is a pump");
    let least = serde_json::json!({"kind": "minimum_price", "unit_price": {"amount": "200", "currency": "CNY"}});
    assert_eq!(with(least, "100", "199.99"), floor("200.00", true));
    assert_eq!(with(serde_json::json!({"kind": "rounding"}), "100", "1"), (None, false));
}
