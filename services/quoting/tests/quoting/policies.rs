//! Policies over REST (PLT-02, PLT-11): published, refused, tried on the past; amounts at every boundary of D-01.
use crate::{QUOTES, account, approvals::joins, quotes::costed};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use wire::{
    Page,
    approval::Approval,
    policy::{Policy, PolicySimulation, PolicyVersion},
    quoting::Quote,
};

const KEY: &str = "/api/quoting/v1/policies/quoting.quote";

fn tier(from: (&str, bool), to: Option<(&str, bool)>, mode: &str, roles: &[&str]) -> Value {
    let bound = |(amount, included): (&str, bool)| json!({"amount": amount, "included": included});
    json!({"from": bound(from), "to": to.map(bound), "steps": [{"name": "review", "mode": mode, "roles": roles}]})
}
/// D-01: `(0,1000] (1000,2000] (2000,5000) [5000,∞)`.
fn purchase() -> Value {
    json!([
        tier(("0", false), Some(("1000", true)), "any", &["department_head"]),
        tier(("1000", false), Some(("2000", true)), "any", &["finance_manager"]),
        tier(("2000", false), Some(("5000", false)), "all", &["finance_manager", "department_head"]),
        tier(("5000", true), None, "any", &["vice_president"]),
    ])
}
fn version(follows: i32, tiers: &Value) -> Value {
    json!({"follows": follows, "tiers": tiers, "cumulative": true, "reason": "采购分级审批"})
}
async fn alone() -> Yewu {
    Yewu::start(&[quoting::SERVICE], |_| {}, false).await
}
/// A quote of this gross, submitted; with the question that was asked.
pub async fn asked(yewu: &Yewu, maker: &Client, gross: &str) -> (Quote, Approval) {
    let body = json!({"account_id": account(yewu).await, "currency": "CNY", "valid_until": "2099-12-31",
        "lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": gross, "discount_rate": "0", "tax_rate": "0"}]});
    let quote: Quote = maker.post(QUOTES, body).await.created();
    let quote = costed(yewu, maker, &quote).await;
    let quote: Quote = maker.act(&format!("{QUOTES}/{}", quote.id), "submit", json!({})).await.ok();
    let page: Page<Approval> =
        yewu.role("auditor").get(&format!("/api/quoting/v1/approvals?subject_id={}", quote.id)).await.ok();
    (quote, page.items.into_iter().next().expect("a question"))
}
/// `department_head > finance_manager+department_head`
fn chain(approval: &Approval) -> String {
    let words: Vec<String> = approval.steps.iter().map(|step| step.roles.join("+")).collect();
    format!("{}: {}", approval.tier, words.join(" > "))
}

#[test]
fn plt_02_d_01_each_amount_is_asked_of_its_tier_and_of_the_tiers_below() {
    testkit::alone(async || {
        let yewu = alone().await;
        yewu.staff(&["department_head", "finance_manager", "vice_president", "sales_manager"]).await;
        let director = yewu.role("finance_director");
        let made: PolicyVersion = director.post(&format!("{KEY}/versions"), version(1, &purchase())).await.created();
        assert_eq!((made.version, made.tiers.len(), made.cumulative), (2, 4, true));
        let sales = yewu.role("sales_rep");
        let (one, two) = ("0: department_head", "1: department_head > finance_manager");
        let joint = "2: finance_manager+department_head";
        let top = "3: finance_manager+department_head > vice_president";
        let expected = [
            ("999.99", one),
            ("1000.00", one),
            ("1000.01", two),
            ("1999.99", two),
            ("2000.00", two),
            ("2000.01", joint),
            ("4999.99", joint),
            ("5000.00", top),
            ("5000.01", top),
        ];
        for (gross, steps) in expected {
            let (_, approval) = asked(&yewu, &sales, gross).await;
            assert_eq!(chain(&approval), steps, "{gross}");
            let amount = approval.amount.map(|amount| amount.to_string());
            assert_eq!((amount.as_deref(), approval.policy_version), (Some(gross), 2));
        }
        // The chain is frozen: a later version changes nothing of what was asked.
        let (_, before) = asked(&yewu, &sales, "5000.00").await;
        let everyone = json!([tier(("0", true), None, "any", &["sales_manager"])]);
        director.post(&format!("{KEY}/versions"), version(2, &everyone)).await.created::<PolicyVersion>();
        let place = format!("/api/quoting/v1/approvals/{}", before.id);
        for role in ["department_head", "finance_manager", "vice_president"] {
            yewu.role(role).act(&place, "approve", json!({})).await.ok::<Approval>();
        }
        assert_eq!(yewu.role("auditor").get(&place).await.ok::<Approval>().status.as_str(), "approved");
    });
}

#[test]
fn plt_02_ruling_17_the_makers_own_tier_passes_to_the_next() {
    testkit::alone(async || {
        let yewu = alone().await;
        yewu.staff(&["finance_manager", "vice_president"]).await;
        let head = joins(&yewu, "sales_rep department_head", "head-1", "sales").await;
        let director = yewu.role("finance_director");
        director.post(&format!("{KEY}/versions"), version(1, &purchase())).await.created::<PolicyVersion>();
        let (_, approval) = asked(&yewu, &head, "500.00").await;
        assert_eq!(chain(&approval), "1: finance_manager");
        let (_, approval) = asked(&yewu, &head, "3000.00").await;
        assert_eq!(chain(&approval), "3: finance_manager > vice_president");
        let (_, others) = asked(&yewu, &yewu.role("sales_rep"), "500.00").await;
        assert_eq!(chain(&others), "0: department_head");
    });
}

#[test]
fn plt_02_a_gap_an_overlap_or_an_empty_role_is_refused_and_named() {
    testkit::alone(async || {
        let yewu = alone().await;
        yewu.staff(&["department_head", "finance_manager", "vice_president"]).await;
        let director = yewu.role("finance_director");
        let refused = async |tiers: Value, code: &str, pointer: &str, says: &str| {
            let problem = director.post(&format!("{KEY}/versions"), version(1, &tiers)).await.problem(422, code);
            assert_eq!(problem.errors[0].pointer, pointer);
            assert!(problem.detail.contains(says), "{}", problem.detail);
        };
        let mut table = purchase();
        table[2]["from"]["amount"] = json!("2500");
        refused(table, "policy.gap", "/tiers/2", "(2000.00, 2500.00]").await;
        let mut table = purchase();
        table[3]["from"]["included"] = json!(false);
        refused(table, "policy.gap", "/tiers/3", "[5000.00, 5000.00]").await;
        let mut table = purchase();
        table[1]["from"]["included"] = json!(true);
        refused(table, "policy.overlap", "/tiers/1/from", "[1000.00, 1000.00]").await;
        let mut table = purchase();
        table[3]["to"] = json!({"amount": "9000", "included": true});
        refused(table, "policy.gap", "/tiers/3", "(9000.00, ∞)").await;
        let mut table = purchase();
        table[0]["steps"][0]["roles"] = json!(["boss"]);
        refused(table, "policy.unknown_role", "/tiers/0/steps/0/roles/0", "boss").await;
        let mut table = purchase();
        table[0]["steps"][0]["roles"] = json!(["ceo"]);
        refused(table, "policy.nobody_holds", "/tiers/0/steps/0/roles/0", "ceo").await;
        let mut table = purchase();
        table[0]["steps"][0]["roles"] = json!(["warehouse"]);
        refused(table, "policy.role_may_not", "/tiers/0/steps/0/roles/0", "warehouse").await;
        let mut unsaid = version(1, &purchase());
        unsaid["reason"] = json!(" ");
        director.post(&format!("{KEY}/versions"), &unsaid).await.problem(422, "body.invalid");
        let page: Vec<PolicyVersion> = yewu.role("auditor").get(&format!("{KEY}/versions")).await.ok();
        assert_eq!(page.len(), 1, "what was refused is no version");
    });
}

#[test]
fn plt_11_versions_are_dated_reasoned_told_and_never_edited() {
    testkit::alone(async || {
        let yewu = alone().await;
        yewu.staff(&["department_head", "finance_manager", "vice_president", "sales_manager"]).await;
        let (director, auditor) = (yewu.role("finance_director"), yewu.role("auditor"));
        let versions = format!("{KEY}/versions");
        let body = |follows, from: &str| {
            let mut body = version(follows, &purchase());
            body["effective_from"] = json!(from);
            body
        };
        director.post(&versions, body(1, "2026-01-01T00:00:00Z")).await.problem(422, "policy.past");
        let made = director.post(&versions, body(1, "2099-01-01T00:00:00Z")).await;
        assert_eq!(made.etag(), "\"2\"");
        let made: PolicyVersion = made.created();
        assert_eq!((made.published_by.as_str(), made.reason.as_str()), ("user:finance_director-1", "采购分级审批"));
        director.post(&versions, body(1, "2099-01-01T00:00:00Z")).await.problem(409, "policy.overtaken");
        director.post(&versions, version(2, &purchase())).await.problem(422, "policy.before_newest");
        auditor.post(&versions, version(2, &purchase())).await.problem(403, "permission.missing");
        director
            .post("/api/quoting/v1/policies/no.such/versions", version(1, &purchase()))
            .await
            .problem(404, "not_found");
        let policies: Vec<Policy> = auditor.get("/api/quoting/v1/policies").await.ok();
        let policy = policies.iter().find(|policy| policy.key == "quoting.quote").unwrap();
        assert_eq!((policy.in_force.as_ref().map(|held| held.version), policy.newest_version), (Some(1), 2));
        let first: PolicyVersion = auditor.get(&format!("{versions}/1")).await.ok();
        assert_eq!((first.tiers.len(), first.tiers[0].steps[0].roles[0].as_str()), (1, "sales_manager"));
        auditor.get(&format!("{versions}/3")).await.problem(404, "not_found");
        let (_, approval) = asked(&yewu, &yewu.role("sales_rep"), "1.00").await;
        assert_eq!(approval.policy_version, 1, "the new version does not hold yet");
        let told = format!(
            "SELECT kind || ' ' || (envelope::jsonb #>> '{{data,reason}}') FROM outbox WHERE subject = '{}'",
            made.id
        );
        assert_eq!(yewu.sql("quoting", &told).await, "quoting.policy.published.v1 采购分级审批");
        let audit: Value = auditor.get(&format!("/api/quoting/v1/audit?entity_id={}", made.id)).await.ok();
        assert_eq!(
            (&audit["items"][0]["action"], &audit["items"][0]["reason"]),
            (&json!("publish"), &json!("采购分级审批"))
        );
        let may = "SELECT has_table_privilege('quoting', 'approval_policies', 'UPDATE') OR has_table_privilege('quoting', 'approval_policies', 'DELETE')";
        assert_eq!(yewu.sql("quoting", may).await, "false");
    });
}

#[test]
fn plt_02_a_draft_is_tried_on_the_past_and_changes_nothing() {
    testkit::alone(async || {
        let yewu = alone().await;
        yewu.staff(&["department_head", "sales_manager"]).await;
        let sales = yewu.role("sales_rep");
        for gross in ["1000.00", "1000.01", "5000.00"] {
            asked(&yewu, &sales, gross).await;
        }
        yewu.as_owner("quoting", "UPDATE approvals SET amount = NULL WHERE amount = 5000").await;
        let draft = json!({"tiers": [
            tier(("0", false), Some(("1000", true)), "any", &["sales_manager"]),
            tier(("1000", false), None, "any", &["department_head"]),
        ]});
        let path = format!("{KEY}/simulate");
        let director = yewu.role("finance_director");
        let seen: PolicySimulation = director.post(&path, &draft).await.ok();
        assert_eq!((seen.asked, seen.changed, seen.refused, seen.without_amount), (3, 2, 0, 1));
        let one = |index: usize| {
            let one = &seen.approvals[index];
            (one.amount.map(|amount| amount.to_string()), one.tier_then, one.tier_now, one.changed)
        };
        assert_eq!(one(0), (None, 0, Some(1), true), "an amount nobody told is the highest tier's");
        assert_eq!(one(1), (Some("1000.01".into()), 0, Some(1), true));
        assert_eq!(one(2), (Some("1000.00".into()), 0, Some(0), false));
        let empty = json!({"tiers": [tier(("0", false), None, "any", &["ceo"])]});
        let refused: PolicySimulation = director.post(&path, &empty).await.ok();
        assert_eq!((refused.refused, refused.approvals[0].refused.as_deref()), (3, Some("approval.nobody_eligible")));
        director.post(&path, json!({"tiers": []})).await.problem(422, "policy.tiers");
        sales.post(&path, &draft).await.problem(403, "permission.missing");
        let versions: Vec<PolicyVersion> = director.get(&format!("{KEY}/versions")).await.ok();
        assert_eq!(versions.len(), 1);
    });
}
