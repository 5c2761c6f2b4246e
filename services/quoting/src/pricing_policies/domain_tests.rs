//! What may be published, and when it takes effect.
use super::*;
use serde_json::json;
use uuid::Uuid;

fn by() -> Stamp {
    // 2026-03-03 in China already.
    let at = Moment::new("2026-03-02T16:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:fay".into(), ownership: Ownership::default() }
}
fn newest(from: &str) -> PricingPolicy {
    PricingPolicy {
        id: PricingPolicyId(Uuid::nil()),
        revision: 4,
        rules: Kept(vec![]),
        margin_floors: Kept(vec![]),
        effective_from: from.parse().unwrap(),
        published_by: "yewu".into(),
        published_at: by().at,
        reason: "before".into(),
    }
}
fn publish(changes: serde_json::Value) -> Result<Change<PricingPolicy>, PricingPolicyRule> {
    let mut body = json!({"follows": 4, "rules": [], "reason": "yearly review"});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let new = serde_json::from_value(body).unwrap();
    PricingPolicy::publish(PricingPolicyId(Uuid::max()), &newest("2026-02-01"), new, &by())
}
fn code(changes: serde_json::Value) -> String {
    publish(changes).map_or_else(|rule| platform::Rule::code(&rule).to_owned(), |_| "ok".into())
}
fn rule(rule: serde_json::Value) -> String {
    code(json!({"rules": [rule]}))
}

#[test]
fn quo_05_a_version_follows_the_newest_and_takes_effect_today_or_later() {
    let change = publish(json!({})).unwrap();
    assert_eq!(change.event_types(), ["quoting.price_policy.published.v1"]);
    let PricingPolicy { revision, effective_from, published_by, .. } = change.after();
    assert_eq!((*revision, effective_from.to_string(), published_by.as_str()), (5, "2026-03-03".into(), "user:fay"));
    assert_eq!([code(json!({"follows": 3})), code(json!({"follows": 5}))], ["pricing_policy.overtaken"; 2]);
    let from = |day: &str| code(json!({"effective_from": day}));
    assert_eq!([from("2026-03-02"), from("2026-03-03"), from("2026-03-04")], ["pricing_policy.past", "ok", "ok"]);
    let after = |day: &str| {
        let new =
            serde_json::from_value(json!({"follows": 4, "rules": [], "reason": "x", "effective_from": day})).unwrap();
        PricingPolicy::publish(PricingPolicyId(Uuid::max()), &newest("2026-05-01"), new, &by()).is_ok()
    };
    assert_eq!([after("2026-04-30"), after("2026-05-01")], [false, true]);
}

#[test]
fn quo_05_each_kind_of_rule_takes_its_own_fields() {
    let good = [
        json!({"kind": "grade_discount", "tier": "key", "rate": "0.05"}),
        json!({"kind": "volume_discount", "breaks": [{"from_quantity": "10", "rate": "0.02"}]}),
        json!({"kind": "promotion", "rate": "0.1", "first_day": "2026-10-01", "last_day": "2026-10-01"}),
        json!({"kind": "market_alignment", "basis": "lowest", "rate": "0", "most_age_days": 365}),
        json!({"kind": "minimum_price", "rate": "0.8"}),
        json!({"kind": "minimum_price", "unit_price": {"amount": "0", "currency": "CNY"}, "skus": ["A"]}),
        json!({"kind": "rounding"}),
        json!({"kind": "rounding", "step": "0.0001", "rounding": "up"}),
    ];
    for whole in good {
        assert_eq!(rule(whole.clone()), "ok", "{whole}");
        for (field, _) in whole.as_object().unwrap() {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(field);
            let optional = ["kind", "skus", "step", "rounding"].contains(&field.as_str());
            assert!(optional || rule(part.clone()) != "ok", "{part}");
        }
    }
    for (bad, expected) in [
        (json!({"kind": "rounding", "rate": "0.1"}), "pricing_policy.stray"),
        (json!({"kind": "grade_discount", "tier": "key", "rate": "0.1", "step": "1"}), "pricing_policy.stray"),
        (json!({"kind": "minimum_price"}), "pricing_policy.minimum"),
        (
            json!({"kind": "minimum_price", "rate": "1", "unit_price": {"amount": "1", "currency": "CNY"}}),
            "pricing_policy.minimum",
        ),
        (
            json!({"kind": "minimum_price", "unit_price": {"amount": "-0.01", "currency": "CNY"}}),
            "pricing_policy.unit_price",
        ),
        (json!({"kind": "rounding", "step": "0"}), "pricing_policy.step"),
        (
            json!({"kind": "market_alignment", "basis": "average", "rate": "0", "most_age_days": 366}),
            "pricing_policy.most_age_days",
        ),
        (
            json!({"kind": "promotion", "rate": "0.1", "first_day": "2026-10-02", "last_day": "2026-10-01"}),
            "pricing_policy.days",
        ),
    ] {
        assert_eq!(rule(bad.clone()), expected, "{bad}");
    }
}

#[test]
fn quo_05_rules_breaks_and_floors_have_bounds() {
    let rules = |count: usize| code(json!({"rules": vec![json!({"kind": "rounding"}); count]}));
    assert_eq!([rules(50), rules(51)], ["ok", "pricing_policy.rules"]);
    let breaks = |list: &[&str]| {
        let list: Vec<_> = list.iter().map(|from| json!({"from_quantity": from, "rate": "0.1"})).collect();
        rule(json!({"kind": "volume_discount", "breaks": list}))
    };
    assert_eq!(
        [breaks(&["10", "9"]), breaks(&["10", "10"]), breaks(&["10", "10.0001"])],
        ["pricing_policy.breaks", "pricing_policy.breaks", "ok"]
    );
    let floors = |tiers: &[&str]| {
        let floors: Vec<_> = tiers.iter().map(|tier| json!({"tier": tier, "floor": "0.1"})).collect();
        code(json!({"margin_floors": floors}))
    };
    assert_eq!([floors(&["key", "standard"]), floors(&["key", "key"])], ["ok", "pricing_policy.margin_floors"]);
}
