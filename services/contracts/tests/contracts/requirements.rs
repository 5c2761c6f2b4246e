//! When an order needs a contract, which contract covers it, by whose rates and policy (CON-18).
use crate::setting::*;
use serde_json::{Value, json};
use testkit::Yewu;
use wire::{
    Page,
    contracts::{Contract, ContractPolicy, ContractRequirement, ExchangeRate},
    crm::AccountId,
};

const EVALUATE: &str = "/api/contracts/v1/contract-requirements/evaluate";
const RATES: &str = "/api/contracts/v1/exchange-rates";
const POLICIES: &str = "/api/contracts/v1/contract-policies";

fn question(account: AccountId, amount: &str, currency: &str) -> Value {
    json!({"order_total": {"amount": amount, "currency": currency}, "account_id": account, "order_date": "2026-03-02"})
}
async fn judged(yewu: &Yewu, body: &Value) -> ContractRequirement {
    yewu.role("sales_rep").post(EVALUATE, body).await.ok()
}

#[test]
fn con_18_an_order_of_more_than_the_limit_needs_a_contract() {
    run(async |yewu| {
        let account = account(yewu).await;
        for (amount, required) in [("99999.99", false), ("100000.00", false), ("100000.01", true)] {
            let judgement = judged(yewu, &question(account, amount, "CNY")).await;
            assert_eq!((judgement.required, judgement.satisfied), (required, !required), "{amount}");
            assert_eq!((judgement.policy_revision, judgement.limit.to_string()), (1, "100000.00 CNY".into()));
            assert_eq!(judgement.clauses.len(), 3);
        }
        let sales = yewu.role("sales_rep");
        sales.post(EVALUATE, question(account, "-0.01", "CNY")).await.problem(422, "contract_requirement.order_total");
        let asked = question(account, "1", "CNY");
        yewu.role("warehouse").post(EVALUATE, asked).await.problem(403, "permission.missing");
    });
}

#[test]
fn con_18_a_foreign_total_is_judged_by_the_rate_of_its_day_and_refused_without_one() {
    run(async |yewu| {
        let account = account(yewu).await;
        let mut body = question(account, "14000.00", "USD");
        body["order_date"] = json!("2026-03-09");
        let refused = yewu.role("sales_rep").post(EVALUATE, &body).await.problem(422, "contract_requirement.no_rate");
        assert!(refused.detail.contains("USD") && refused.detail.contains("2026-03-09"), "{}", refused.detail);
        let finance = yewu.role("finance_specialist");
        let place = format!("{RATES}/2026-03-09/USD");
        let put = async |rate: &str| {
            let body = json!({"per_hundred": rate, "source": "中国外汇交易中心"});
            finance.send(reqwest::Method::PUT, &place, &[], Some(&body)).await
        };
        let stated: ExchangeRate = put("714.2857").await.created();
        assert_eq!(stated.version, 1);
        for (amount, converted, required) in
            [("13999.99", "99999.93", false), ("14000.00", "100000.00", false), ("14000.01", "100000.07", true)]
        {
            body["order_total"]["amount"] = json!(amount);
            let judgement = judged(yewu, &body).await;
            assert_eq!((judgement.converted.amount.to_string().as_str(), judgement.required), (converted, required));
        }
        let again: ExchangeRate = put("700").await.ok();
        assert_eq!((again.id, again.version), (stated.id, 2));
        assert!(!judged(yewu, &body).await.required);
        put("0").await.problem(422, "exchange_rate.per_hundred");
        let base = json!({"per_hundred": "100", "source": "x"});
        finance
            .send(reqwest::Method::PUT, &format!("{RATES}/2026-03-09/CNY"), &[], Some(&base))
            .await
            .problem(422, "exchange_rate.base");
        yewu.role("sales_rep")
            .send(reqwest::Method::PUT, &place, &[], Some(&base))
            .await
            .problem(403, "permission.missing");
        let page: Page<ExchangeRate> = yewu.role("sales_rep").get(RATES).await.ok();
        assert!(page.items.iter().any(|rate| rate.id == stated.id));
    });
}

#[test]
fn con_18_two_who_state_the_first_rate_of_a_day_at_once_state_it_twice() {
    run(async |yewu| {
        let finance = &yewu.role("finance_specialist");
        let put = async |day: usize, rate: &str| {
            let body = json!({"per_hundred": rate, "source": "中国外汇交易中心"});
            finance.send(reqwest::Method::PUT, &format!("{RATES}/2026-04-{day:02}/EUR"), &[], Some(&body)).await
        };
        for day in 1..=8 {
            let (one, two) = futures_util::future::join(put(day, "780"), put(day, "781")).await;
            let mut statuses = [one.status.as_u16(), two.status.as_u16()];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 201], "{} {}", one.text, two.text);
        }
    });
}

#[test]
fn con_18_an_effective_contract_that_no_order_has_used_covers_up_to_its_amount() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "150000.00").await;
        let account = contract.account_id;
        let contract = signed(yewu, &contract).await;
        assert!(!judged(yewu, &question(account, "150000.00", "CNY")).await.satisfied, "it does not bind yet");
        yewu.role("legal").act(&path(&contract), "activate", json!({})).await.ok::<Contract>();
        for (amount, covered) in [("149999.99", true), ("150000.00", true), ("150000.01", false)] {
            let judgement = judged(yewu, &question(account, amount, "CNY")).await;
            assert_eq!((judgement.required, judgement.satisfied), (true, covered), "{amount}");
            let by: Vec<_> = judgement.satisfied_by.iter().map(|found| found.contract_id).collect();
            assert_eq!(by, if covered { vec![contract.id] } else { Vec::new() });
        }
        let mut body = question(account, "150000.00", "CNY");
        body["contract_id"] = json!(contract.id);
        assert!(judged(yewu, &body).await.satisfied);
        body["contract_id"] = json!(uuid::Uuid::now_v7());
        yewu.role("sales_rep").post(EVALUATE, &body).await.problem(422, "contract_requirement.contract");
        // Someone else's contract satisfies without being shown.
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        let asked = question(account, "150000.00", "CNY");
        let judgement: ContractRequirement = stranger.post(EVALUATE, asked).await.ok();
        assert_eq!((judgement.satisfied, judgement.satisfied_by.len()), (true, 0));
        yewu.hear(&created(order(account, "150000.00", Some(contract.id)))).await;
        yewu.settle().await;
        assert!(!judged(yewu, &question(account, "150000.00", "CNY")).await.satisfied, "an order has used it");
    });
}

#[test]
fn con_18_a_held_order_is_told_to_need_a_contract() {
    run(async |yewu| {
        let account = account(yewu).await;
        let held = held(order(account, "100000.01", None));
        let event = yewu.hear(&held).await;
        let contract = &of_case(yewu, event.caseid).await[0];
        assert_eq!(told(yewu, contract.case_id).await, "contract.drafted contract.required");
        let about = format!("subject = '{}' AND kind = 'contracts.contract.required.v1'", contract.id);
        let told = yewu.sql("contracts", &format!("SELECT envelope FROM outbox WHERE {about}")).await;
        let data = serde_json::from_str::<Value>(&told).unwrap()["data"].take();
        assert_eq!((&data["order_id"], &data["number"]), (&json!(held.order.order_id), &json!("SO-2026-000042")));
        assert_eq!(data["limit"], json!({"amount": "100000.00", "currency": "CNY"}));
        assert_eq!((&data["contract_id"], &data["policy_revision"]), (&json!(contract.id), &json!(1)));
    });
}

#[test]
fn con_18_a_published_policy_holds_from_its_day_on_and_its_clauses_are_wanted_above_its_limit() {
    testkit::alone(async || {
        let yewu = testkit::Yewu::start(&[contracts::SERVICE], |_| {}, false).await;
        let account = account(&yewu).await;
        let policy = |limit: &str, day: &str| {
            json!({"limit": {"amount": limit, "currency": "CNY"}, "clauses": ["delivery", "payment", "breach", "quantity"],
                "effective_from": day, "reason": "内控制度修订"})
        };
        yewu.role("finance_director")
            .post(POLICIES, policy("100000.00", "2026-01-01"))
            .await
            .problem(422, "contract_policy.in_the_past");
        let day = yewu.sql("contracts", "SELECT ((now() AT TIME ZONE 'Asia/Shanghai')::date + 1)").await;
        yewu.role("finance_director")
            .post(POLICIES, policy("50000.00", &day))
            .await
            .problem(422, "contract_policy.limit");
        yewu.role("sales_manager").post(POLICIES, policy("100000.00", &day)).await.problem(403, "permission.missing");
        let published: ContractPolicy =
            yewu.role("finance_director").post(POLICIES, policy("100000.00", &day)).await.created();
        assert_eq!(published.revision, 2);
        let all: Page<ContractPolicy> = yewu.role("auditor").get(POLICIES).await.ok();
        assert_eq!(all.items.iter().map(|policy| policy.revision).collect::<Vec<_>>(), [2, 1]);
        let mut body = question(account, "100000.01", "CNY");
        let before = judged(&yewu, &body).await;
        assert_eq!((before.policy_revision, before.clauses.len()), (1, 3), "an order of before");
        body["order_date"] = json!(day);
        let after = judged(&yewu, &body).await;
        assert_eq!((after.policy_revision, after.clauses.len()), (2, 4));

        // Services may leave the quantity out, up to the limit.
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(48));
        let clauses: Vec<Value> = wire::contracts::ClauseKind::ALL.iter().filter(|kind| kind.as_str() != "quantity")
            .map(|kind| {
                let terms = json!({"type": "acceptance", "method": "inspection", "within_working_days": 7, "criteria": ["完好"]});
                json!({"kind": kind, "text": "条款", "terms": if kind.as_str() == "acceptance" { terms } else { Value::Null }})
            })
            .collect();
        let template: Value = yewu
            .role("legal")
            .post(TEMPLATES, json!({"kind": "service", "code": "standard", "title": "服务合同", "clauses": clauses}))
            .await
            .created();
        let place = format!("{TEMPLATES}/{}", template["id"].as_str().unwrap());
        yewu.role("general_manager").act(&place, "approve", json!({})).await.ok::<Value>();
        yewu.staff(&["sales_manager", "technical", "finance_manager", "legal"]).await;
        let sales = yewu.role("sales_rep");
        for (price, complete) in [("99999.99", true), ("100000.00", true), ("100000.01", false)] {
            let body = json!({"account_id": account, "kind": "service", "currency": "CNY", "lines": [{"sku": "CARE", "quantity": "1", "unit_price": price}]});
            let contract: Contract = sales.post(CONTRACTS, body).await.created();
            sales.act(&path(&contract), "agree", json!({"evidence": evidence()})).await.ok::<Contract>();
            let submitted = sales.act(&path(&contract), "submit", json!({})).await;
            if complete {
                submitted.ok::<Contract>();
            } else {
                let refused = submitted.problem(422, "contract.incomplete");
                assert_eq!(refused.blocked_by[0].reference.as_deref(), Some("quantity"), "{price}");
            }
        }
    });
}
