//! Every kind of step at its boundaries, and the trace as people read it.
use super::*;
use crate::{pricing::below, products::Listed};
use serde_json::{Value, json};
use std::collections::HashMap;
use wire::{Moment, json::Kept, quoting::PriceBookId};

const DAY: &str = "2026-03-02";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}
fn asked() -> Asked {
    Asked {
        account_id: AccountId(Uuid::nil()),
        tier: Some(AccountTier::Key),
        region: Some("华东".into()),
        currency: Currency::CNY,
        day: day(DAY),
    }
}
fn rules(list: &Value) -> Sources {
    let policy = PricingPolicy {
        id: wire::quoting::PricingPolicyId(Uuid::nil()),
        revision: 7,
        rules: Kept(serde_json::from_value(list.clone()).unwrap()),
        margin_floors: Kept(vec![]),
        effective_from: day("2026-01-01"),
        published_by: "user:fay".into(),
        published_at: Moment::new("2026-01-01T00:00:00Z".parse().unwrap()),
        reason: "yearly".into(),
    };
    let listed = Listed {
        id: wire::quoting::ProductId(Uuid::nil()),
        name: "离心泵".into(),
        version: 3,
        list_price: amount("100"),
        currency: Currency::CNY,
    };
    Sources { policy, books: vec![], products: HashMap::from([("A".into(), listed)]), market: vec![] }
}
fn book(number: u8, price: &str, from: &str) -> BookPrice {
    BookPrice {
        book_id: PriceBookId(Uuid::from_u128(number.into())),
        number: format!("PB-{number}"),
        version: 2,
        account_id: None,
        tier: None,
        region: None,
        first_day: day("2026-01-01"),
        sku: "A".into(),
        from_quantity: from.parse().unwrap(),
        unit_price: amount(price),
    }
}
fn price(asked: &Asked, sources: &Sources, quantity: &str) -> LinePricing {
    priced(asked, sources, "A", quantity.parse().unwrap(), None).unwrap()
}
fn unit(sources: &Sources, quantity: &str) -> String {
    price(&asked(), sources, quantity).unit_price.to_string()
}
fn kinds(pricing: &LinePricing) -> Vec<&'static str> {
    pricing.trace.iter().map(|step| step.kind.as_str()).collect()
}

#[test]
fn quo_05_the_trace_is_every_adjustment_in_its_order_with_its_source_and_both_languages() {
    let sources = rules(&json!([
        {"kind": "grade_discount", "tier": "key", "rate": "0.05"},
        {"kind": "volume_discount", "breaks": [{"from_quantity": "10", "rate": "0.02"}]},
        {"kind": "promotion", "name": "周年庆", "rate": "0.1", "first_day": "2026-03-01", "last_day": "2026-03-31"},
        {"kind": "minimum_price", "rate": "0.5"},
        {"kind": "rounding", "step": "0.1"}
    ]));
    let priced = price(&asked(), &sources, "10");
    let shown = priced.trace.iter().map(|step| {
        let (source, before) = (step.source.as_ref().unwrap(), step.before.map(|amount| amount.to_string()));
        format!(
            "{} {} {}@{} {} → {}",
            step.step,
            step.kind,
            source.number,
            source.version,
            before.unwrap_or_default(),
            step.after
        )
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "1 list_price A@3  → 100.00",
            "2 grade_discount grade_discount@7 100.00 → 95.00",
            "3 volume_discount volume_discount@7 95.00 → 93.10",
            "4 promotion 周年庆@7 93.10 → 83.79",
            "5 rounding rounding@7 83.79 → 83.80",
        ]
    );
    assert_eq!(
        priced.trace.iter().map(|step| step.rule).collect::<Vec<_>>(),
        [None, Some(1), Some(2), Some(3), Some(5)]
    );
    let why = &priced.trace[2].why;
    assert_eq!(
        (why.chinese.as_str(), why.english.as_str()),
        ("数量 10 达到 10，优惠 2 %", "2 % off from a quantity of 10, asked are 10")
    );
    assert_eq!(
        (priced.floor, priced.manual, priced.policy_unit_price),
        (Some(amount("50")), false, Some(amount("83.8")))
    );
}

#[test]
fn quo_05_a_break_is_reached_at_its_quantity_itself() {
    let sources = rules(&json!([{"kind": "volume_discount",
        "breaks": [{"from_quantity": "10", "rate": "0.1"}, {"from_quantity": "100", "rate": "0.2"}]}]));
    let quantities = ["9", "9.9999", "10", "11", "99", "100", "101"];
    let prices = quantities.map(|quantity| unit(&sources, quantity));
    assert_eq!(prices, ["100.00", "100.00", "90.00", "90.00", "90.00", "80.00", "80.00"]);
    let mut books = rules(&json!([]));
    books.books = vec![book(1, "70", "10"), book(1, "60", "100")];
    let prices = quantities.map(|quantity| unit(&books, quantity));
    assert_eq!(
        prices,
        ["100.00", "100.00", "70.00", "70.00", "70.00", "60.00", "60.00"],
        "below the book's first: the list price"
    );
}

#[test]
fn quo_05_a_promotion_holds_from_its_first_through_its_last_day() {
    let sources =
        rules(&json!([{"kind": "promotion", "rate": "0.5", "first_day": "2026-03-02", "last_day": "2026-03-04"}]));
    let on = |text| price(&Asked { day: day(text), ..asked() }, &sources, "1").unit_price.to_string();
    let days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"];
    assert_eq!(days.map(on), ["100.00", "50.00", "50.00", "50.00", "100.00"]);
}

#[test]
fn quo_05_a_rule_is_for_its_grade_and_its_products_only() {
    let sources = rules(&json!([{"kind": "grade_discount", "tier": "key", "skus": ["A"], "rate": "0.1"}]));
    let of = |tier| price(&Asked { tier, ..asked() }, &sources, "1").unit_price.to_string();
    assert_eq!([None, Some(AccountTier::Standard), Some(AccountTier::Key)].map(of), ["100.00", "100.00", "90.00"]);
    let other = rules(&json!([{"kind": "grade_discount", "tier": "key", "skus": ["B"], "rate": "0.1"}]));
    assert_eq!(unit(&other, "1"), "100.00");
}

#[test]
fn quo_05_the_market_counts_while_it_is_fresh_and_only_lowers() {
    let point = |source: &str, price: &str, seen: &str| MarketPoint {
        id: wire::quoting::MarketPriceId(Uuid::nil()),
        sku: "A".into(),
        source: source.into(),
        unit_price: amount(price),
        day: day(seen),
    };
    let with = |basis: &str, rate: &str, points: Vec<MarketPoint>| {
        let mut sources =
            rules(&json!([{"kind": "market_alignment", "basis": basis, "rate": rate, "most_age_days": 30}]));
        sources.market = points;
        unit(&sources, "1")
    };
    let seen = |text| with("lowest", "0", vec![point("x", "80", text)]);
    // 30 days before 2 March are 31 January.
    assert_eq!(
        ["2026-01-30", "2026-01-31", "2026-03-02", "2026-03-03"].map(seen),
        ["100.00", "80.00", "80.00", "100.00"]
    );
    let two = || vec![point("x", "80", DAY), point("y", "85.01", DAY)];
    assert_eq!(with("lowest", "0.05", two()), "84.00");
    assert_eq!(with("average", "0", two()), "82.505");
    assert_eq!(with("lowest", "0.25", two()), "100.00", "exactly what the market allows");
    assert_eq!(with("lowest", "0", vec![point("x", "120", DAY)]), "100.00", "a dearer market raises nothing");
}

#[test]
fn quo_05_nothing_is_offered_below_the_floor_and_the_floor_itself_needs_nobody() {
    let sources = rules(
        &json!([{"kind": "grade_discount", "tier": "key", "rate": "0.3"}, {"kind": "minimum_price", "rate": "0.8"}]),
    );
    let lifted = price(&asked(), &sources, "1");
    assert_eq!(
        (lifted.unit_price, lifted.floor, kinds(&lifted)),
        (amount("80"), Some(amount("80")), vec!["list_price", "grade_discount", "minimum_price"])
    );
    let under = |price: &str| below(lifted.floor, amount(price), Rate::ZERO);
    assert_eq!(["79.99", "80.00", "80.01"].map(under), [true, false, false]);
    let discounted = |rate: &str| below(lifted.floor, amount("100"), rate.parse().unwrap());
    assert_eq!(["0.1999", "0.2", "0.2001"].map(discounted), [false, false, true]);
    let own = rules(&json!([{"kind": "minimum_price", "unit_price": {"amount": "120", "currency": "CNY"}},
        {"kind": "minimum_price", "unit_price": {"amount": "900", "currency": "USD"}}]));
    assert_eq!(price(&asked(), &own, "1").floor, Some(amount("120")), "a floor in another currency says nothing");
    let rounded_under = rules(
        &json!([{"kind": "minimum_price", "rate": "0.999"}, {"kind": "rounding", "step": "10", "rounding": "down"}]),
    );
    let under = price(&Asked { tier: None, ..asked() }, &rounded_under, "1");
    assert_eq!((under.unit_price, below(under.floor, under.unit_price, Rate::ZERO)), (amount("100"), false));
}

#[test]
fn quo_05_rounding_goes_to_multiples_and_halves_to_the_even_one() {
    let to = |list: &str, step: &str, rounding: &str| {
        let mut sources = rules(&json!([{"kind": "rounding", "step": step, "rounding": rounding}]));
        sources.products.get_mut("A").unwrap().list_price = amount(list);
        unit(&sources, "1")
    };
    assert_eq!(["10.049", "10.05", "10.051"].map(|list| to(list, "0.1", "half_even")), ["10.00", "10.00", "10.10"]);
    assert_eq!(["10.149", "10.15", "10.151"].map(|list| to(list, "0.1", "half_even")), ["10.10", "10.20", "10.20"]);
    assert_eq!(["9.9999", "10", "10.0001"].map(|list| to(list, "5", "up")), ["10.00", "10.00", "15.00"]);
    assert_eq!(["9.9999", "10", "10.0001"].map(|list| to(list, "5", "down")), ["5.00", "10.00", "10.00"]);
    let mut yen = rules(&json!([{"kind": "rounding"}]));
    let jpy: Currency = "JPY".parse().unwrap();
    let product = yen.products.get_mut("A").unwrap();
    (product.list_price, product.currency) = (amount("10.5"), jpy);
    assert_eq!(
        price(&Asked { currency: jpy, ..asked() }, &yen, "1").unit_price,
        amount("10"),
        "to the minor unit of the currency"
    );
}

#[test]
fn quo_05_the_most_particular_book_prices_and_of_equals_the_latest() {
    let mut sources = rules(&json!([]));
    let region = BookPrice { region: Some("华东".into()), ..book(2, "90", "0") };
    let tier = BookPrice { tier: Some(AccountTier::Key), ..book(3, "91", "0") };
    let both = BookPrice { region: Some("华东".into()), tier: Some(AccountTier::Key), ..book(4, "92", "0") };
    let own = BookPrice { account_id: Some(AccountId(Uuid::nil())), ..book(5, "93", "0") };
    let mut expected = Vec::new();
    for next in [book(1, "89", "0"), region, tier, both, own] {
        sources.books.push(next.clone());
        expected.push((unit(&sources, "1"), next.unit_price.to_string()));
    }
    assert!(expected.iter().all(|(got, wanted)| got == wanted), "{expected:?}");
    sources.books = vec![BookPrice { first_day: day("2026-03-01"), ..book(1, "70", "0") }, book(9, "60", "0")];
    assert_eq!(unit(&sources, "1"), "70.00");
    let dollars = Asked { currency: "USD".parse().unwrap(), ..asked() };
    sources.books = vec![];
    assert!(priced(&dollars, &sources, "A", "1".parse().unwrap(), None).is_none(), "no price in dollars is guessed");
}

#[test]
fn quo_05_a_price_set_by_hand_is_the_last_step_and_says_how_far_it_is_off() {
    let sources = rules(&json!([{"kind": "grade_discount", "tier": "key", "rate": "0.2"}]));
    let set = |price: &str| priced(&asked(), &sources, "A", "1".parse().unwrap(), Some(amount(price))).unwrap();
    let lower = set("79.99");
    assert_eq!(
        (lower.manual, lower.policy_unit_price, lower.deviation),
        (true, Some(amount("80")), Some(amount("-0.01")))
    );
    assert_eq!(
        (lower.deviation_rate, kinds(&lower)),
        (Some(amount("-0.0001")), vec!["list_price", "grade_discount", "manual"])
    );
    assert_eq!(lower.trace[2].why.english, "set by hand, -0.01 from the policy's price (-0.01 %)");
    assert_eq!((set("80").deviation, set("80.01").deviation), (Some(amount("0")), Some(amount("0.01"))));
    let dollars = Asked { currency: "USD".parse().unwrap(), ..asked() };
    let alone = priced(&dollars, &sources, "A", "1".parse().unwrap(), Some(amount("9"))).unwrap();
    assert_eq!((alone.deviation, kinds(&alone)), (None, vec!["manual"]));
}

#[test]
fn quo_05_each_step_keeps_four_decimals_half_to_even() {
    let off = |list: &str| {
        let mut sources = rules(&json!([{"kind": "grade_discount", "tier": "key", "rate": "0.5"}]));
        sources.products.get_mut("A").unwrap().list_price = amount(list);
        unit(&sources, "1")
    };
    assert_eq!(["0.0001", "0.0003", "0.0005"].map(off), ["0.00", "0.0002", "0.0002"]);
}

#[test]
fn quo_05_a_least_price_holds_without_a_list_price_and_where_nobody_knows_it_more_people_are_asked() {
    let dollars = Asked { currency: "USD".parse().unwrap(), ..asked() };
    let by_hand = |rule: Value| {
        let pricing = priced(&dollars, &rules(&json!([rule])), "A", "1".parse().unwrap(), Some(amount("9"))).unwrap();
        (pricing.policy_unit_price, pricing.floor, pricing.floor_unknown)
    };
    let least = |amount: &str| json!({"kind": "minimum_price", "unit_price": {"amount": amount, "currency": "USD"}});
    assert_eq!(by_hand(least("120")), (None, Some(amount("120")), false));
    assert_eq!(by_hand(json!({"kind": "minimum_price", "rate": "0.8"})), (None, None, true), "a share of nothing");
    let elsewhere = json!({"kind": "minimum_price", "unit_price": {"amount": "120", "currency": "CNY"}});
    assert_eq!(by_hand(elsewhere), (None, None, false));
    let others = json!({"kind": "minimum_price", "rate": "0.8", "skus": ["B"]});
    assert_eq!(by_hand(others), (None, None, false), "a rule of other products");
    assert_eq!(by_hand(json!({"kind": "rounding"})), (None, None, false));
    let known = priced(
        &asked(),
        &rules(&json!([{"kind": "minimum_price", "rate": "0.8"}])),
        "A",
        "1".parse().unwrap(),
        Some(amount("9")),
    );
    assert_eq!(known.map(|pricing| (pricing.floor, pricing.floor_unknown)), Some((Some(amount("80")), false)));
}
