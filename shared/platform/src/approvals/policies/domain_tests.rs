//! Which tables of tiers are published, and what is wrong with the others.
use super::*;
use crate::Rule;
use serde_json::{Value, json};

fn bound(amount: &str, included: bool) -> Value {
    json!({"amount": amount, "included": included})
}
fn tier(from: Value, to: Value, roles: &[&str]) -> Value {
    json!({"from": from, "to": to, "steps": [{"name": "review", "mode": "any", "roles": roles}]})
}
fn checked(list: Vec<Value>) -> Result<Tiers, PolicyRule> {
    tiers(serde_json::from_value(Value::Array(list)).unwrap(), true)
}
fn refused(list: Vec<Value>) -> (String, String, String) {
    let rule = checked(list).unwrap_err();
    (rule.code().to_owned(), rule.pointer(), rule.to_string())
}
fn open(from: Value) -> Value {
    tier(from, Value::Null, &["ceo"])
}
fn is(code: &str, pointer: &str, text: &str) -> (String, String, String) {
    (code.into(), pointer.into(), text.into())
}

#[test]
fn plt_02_a_gap_or_an_overlap_is_refused_and_named() {
    let lowest = |end| tier(bound("0", false), end, &["department_head"]);
    assert!(checked(vec![lowest(bound("1000", true)), open(bound("1000", false))]).is_ok());
    assert!(checked(vec![lowest(bound("1000", false)), open(bound("1000", true))]).is_ok());
    assert!(checked(vec![open(bound("0", true))]).is_ok(), "one tier for all");
    assert_eq!(
        refused(vec![lowest(bound("2000", true)), open(bound("5000", true))]),
        is("policy.gap", "/tiers/1", "nobody decides on the amounts (2000.00, 5000.00)")
    );
    assert_eq!(
        refused(vec![lowest(bound("1000", false)), open(bound("1000", false))]),
        is("policy.gap", "/tiers/1", "nobody decides on the amounts [1000.00, 1000.00]")
    );
    assert_eq!(
        refused(vec![lowest(bound("1000", true)), open(bound("1000", true))]),
        is("policy.overlap", "/tiers/1/from", "the amounts [1000.00, 1000.00] belong to two tiers")
    );
    assert_eq!(
        refused(vec![lowest(bound("1000.01", true)), open(bound("1000", false))]),
        is("policy.overlap", "/tiers/1/from", "the amounts (1000.00, 1000.01] belong to two tiers")
    );
    assert_eq!(
        refused(vec![open(bound("0", true)), open(bound("1000", false))]),
        is("policy.overlap", "/tiers/1/from", "the amounts (1000.00, ∞) belong to two tiers")
    );
}

#[test]
fn plt_02_tiers_start_at_nothing_and_never_end() {
    assert_eq!(
        refused(vec![open(bound("0.01", true))]),
        is("policy.gap", "/tiers/0", "nobody decides on the amounts (0.00, 0.01)")
    );
    assert_eq!(
        refused(vec![tier(bound("0", true), bound("5000", true), &["ceo"])]),
        is("policy.gap", "/tiers/0", "nobody decides on the amounts (5000.00, ∞)")
    );
    assert_eq!(refused(vec![open(bound("-1", true))]).0, "policy.start");
    assert_eq!(refused(vec![tier(bound("0", true), bound("0", false), &["ceo"])]).0, "policy.empty_tier");
    assert!(checked(vec![tier(bound("0", true), bound("0", true), &["ceo"]), open(bound("0", false))]).is_ok());
    assert_eq!(refused(vec![]).0, "policy.tiers");
    assert_eq!(refused(vec![open(bound("0", true)); 21]).0, "policy.tiers");
}

#[test]
fn plt_02_roles_are_known_words_each_once() {
    let with = |roles: &[&str]| refused(vec![tier(bound("0", true), Value::Null, roles)]);
    let pointer = "/tiers/0/steps/0/roles";
    assert_eq!(with(&["ceo", "boss"]), is("policy.unknown_role", &format!("{pointer}/1"), "there is no role boss"));
    assert_eq!(with(&["ceo", "ceo"]).0, "policy.roles");
    assert_eq!(with(&[]).1, pointer);
    let mut stepless = tier(bound("0", true), Value::Null, &["ceo"]);
    stepless["steps"] = json!([]);
    assert_eq!(refused(vec![stepless]).0, "policy.steps");
}

fn stamp(at: &str) -> Stamp {
    Stamp { at: Moment::new(at.parse().unwrap()), actor: "user:dir".into(), ownership: Ownership::default() }
}
fn newest(from: &str) -> Policy {
    let id = PolicyId(uuid::Uuid::nil());
    let effective_from = Moment::new(from.parse().unwrap());
    Policy {
        id,
        key: "orders.order".into(),
        version: 3,
        steps: Kept(Vec::new()),
        tiers: Kept(Vec::new()),
        cumulative: false,
        effective_from,
        published_by: "yewu".into(),
        reason: "shipped".into(),
    }
}
fn published(newest: &Policy, follows: i32, from: Option<&str>, held: &[Role]) -> Result<Change<Policy>, PolicyRule> {
    let tiers = checked(vec![tier(bound("0", true), Value::Null, &["ceo", "legal"])]).unwrap();
    let effective_from = from.map(|text| Moment::new(text.parse().unwrap()));
    let draft = Draft { tiers, follows, effective_from, reason: "yearly review".into() };
    let held = held.iter().copied().collect();
    let id = PolicyId(uuid::Uuid::nil());
    Policy::publish(id, newest, draft, &held, "orders", &stamp("2026-03-02T01:00:00Z"))
}

#[test]
fn plt_11_a_version_follows_the_one_its_author_has_seen_and_never_takes_effect_in_the_past() {
    let (known, both) = (newest("2026-01-01T00:00:00Z"), [Role::Ceo, Role::Legal]);
    let change = published(&known, 3, None, &both).unwrap();
    assert_eq!((change.after().version, change.after().effective_from), (4, stamp("2026-03-02T01:00:00Z").at));
    assert_eq!(change.event_types(), ["orders.policy.published.v1"]);
    assert_eq!(published(&known, 2, None, &both).unwrap_err(), PolicyRule::Overtaken { version: 3 });
    let at = |from| published(&known, 3, Some(from), &both).map(|change| change.after().effective_from.to_string());
    assert_eq!(at("2026-03-02T00:59:59Z"), Err(PolicyRule::Past));
    assert_eq!(at("2026-03-02T01:00:00Z"), Ok("2026-03-02T01:00:00Z".into()));
    let waiting = newest("2026-06-01T00:00:00Z");
    let before = published(&waiting, 3, Some("2026-05-31T23:59:59Z"), &both).unwrap_err();
    assert_eq!(before, PolicyRule::BeforeNewest { version: 3, from: waiting.effective_from });
    assert!(published(&waiting, 3, Some("2026-06-01T00:00:00Z"), &both).is_ok());
}

#[test]
fn plt_02_every_role_is_held_by_somebody_and_may_decide() {
    let known = newest("2026-01-01T00:00:00Z");
    let nobody = published(&known, 3, None, &[Role::Ceo]).unwrap_err();
    assert_eq!(nobody, PolicyRule::NobodyHolds { tier: 0, step: 0, at: 1, role: "legal".into() });
    let mute = checked(vec![tier(bound("0", true), Value::Null, &["warehouse"])]).unwrap();
    let held = [Role::Warehouse].into_iter().collect();
    assert_eq!(resolvable(&mute, &held, "orders").unwrap_err().code(), "policy.role_may_not");
}
