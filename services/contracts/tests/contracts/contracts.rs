//! From the accepted quote to the effective contract (CON-01, 03, 04, 06, 07, 08, 09, 10, 17, 29).
use crate::setting::*;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    Page,
    contracts::{Clause, ClauseStatus, Contract, ContractStatus},
    crm::{AccountCreated, AccountId},
    orders::{HoldKind, HoldReleased, OrderCancelled, OrderSnapshot},
    quoting::Route,
};

#[test]
fn con_03_an_accepted_quote_on_the_contract_route_becomes_one_draft_to_the_cent() {
    run(async |yewu| {
        let (contract, event) = drafted(yewu, "100000.01").await;
        assert_eq!(
            (contract.status, contract.revision, contract.totals.gross.to_string()),
            (ContractStatus::Draft, 1, "100000.01 CNY".into())
        );
        assert!(contract.number.starts_with("DRAFT-"), "{}", contract.number);
        assert_eq!((Some(contract.case_id), contract.owner_id.as_deref()), (event.caseid, Some("sales_rep-1")));
        assert_eq!(
            (contract.payment_terms.len(), contract.clauses.len(), contract.external_refs[0].id.as_str()),
            (3, 11, "10248")
        );
        let agreed = contract.clauses.iter().filter(|clause| clause.status == ClauseStatus::Agreed).count();
        assert_eq!(agreed, 5, "what the quote said the customer has accepted");
        yewu.deliver(&event).await;
        let mut again = event.clone();
        again.id = wire::EventId(Uuid::now_v7());
        yewu.deliver(&again).await;
        assert_eq!(of_case(yewu, event.caseid).await.len(), 1, "told twice, and by a second event: one contract");
        assert_eq!(told(yewu, contract.case_id).await, "contract.drafted");
    });
}

#[test]
fn con_03_the_order_route_makes_no_contract() {
    run(async |yewu| {
        let account = account(yewu).await;
        let event = yewu.hear(&quote_accepted(account, "100000.00", Route::Order, yewu)).await;
        assert!(of_case(yewu, event.caseid).await.is_empty());
    });
}

#[test]
fn con_03_a_quote_that_comes_before_its_customer_waits_for_them() {
    run(async |yewu| {
        let account = AccountId(Uuid::now_v7());
        let event = yewu.hear(&quote_accepted(account, "200000.00", Route::Contract, yewu)).await;
        assert!(of_case(yewu, event.caseid).await.is_empty());
        assert_eq!(
            yewu.sql("contracts", &format!("SELECT status FROM inbox WHERE event_id = '{}'", event.id)).await,
            "waiting"
        );
        yewu.hear(&AccountCreated(snapshot(account))).await;
        yewu.settle().await;
        assert_eq!(of_case(yewu, event.caseid).await.len(), 1);
    });
}

#[test]
fn con_03_a_contract_is_drafted_from_a_template_with_its_own_lines_and_terms() {
    run(async |yewu| {
        let (sales, account) = (yewu.role("sales_rep"), account(yewu).await);
        let mut body = json!({"account_id": account, "kind": "sale", "currency": "CNY", "delivery_date": "2026-12-31",
            "lines": [{"sku": "PUMP-40", "quantity": "12", "unit_price": "1250.00", "discount_rate": "0.05", "tax_rate": "0.13"}],
            "clauses": [{"kind": "delivery", "terms": {"type": "delivery", "terms": "DAP", "place": "上海市浦东新区"}}],
            "conditions": ["买方预付款到账"], "external_refs": [{"system": "erp", "id": Uuid::now_v7().to_string()}]});
        let contract: Contract = sales.post(CONTRACTS, &body).await.created();
        assert_eq!(
            (contract.totals.gross.to_string(), contract.review_policy.as_str()),
            ("16102.50 CNY".into(), "contracts.contract.standard")
        );
        assert!(contract.clauses.iter().all(|clause| clause.status == ClauseStatus::Proposed && !clause.deviates));
        let taken = sales.post(CONTRACTS, &body).await.problem(409, "external_ref.taken");
        assert_eq!(taken.errors[0].pointer, "/external_refs/0");
        body["external_refs"] = json!([]);
        body["clauses"][0]["terms"]["type"] = json!("quality");
        sales.post(CONTRACTS, &body).await.problem(422, "body.invalid");
        body["clauses"][0] = json!({"kind": "price", "terms": {"type": "confidentiality", "months": 1}});
        assert_eq!(
            sales.post(CONTRACTS, &body).await.problem(422, "clause.terms").errors[0].pointer,
            "/clauses/0/terms"
        );
        body["clauses"] = json!([]);
        body["template_id"] = json!(Uuid::now_v7());
        sales.post(CONTRACTS, &body).await.problem(422, "contract.template");
        body["template_id"] = Value::Null;
        body["kind"] = json!("service");
        sales.post(CONTRACTS, &body).await.problem(409, "contract.no_template");
        body["account_id"] = json!(Uuid::now_v7());
        assert_eq!(sales.post(CONTRACTS, &body).await.problem(422, "body.invalid").errors[0].pointer, "/account_id");
        yewu.role("warehouse").post(CONTRACTS, &body).await.problem(403, "permission.missing");
    });
}

#[test]
fn con_01_clauses_are_proposed_agreed_and_locked() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "120000.00").await;
        let sales = yewu.role("sales_rep");
        let clause = async |kind: &str| -> Clause {
            let clauses: Vec<Clause> = sales.get(&format!("{}/clauses", path(&contract))).await.ok();
            clauses.into_iter().find(|clause| clause.kind.as_str() == kind).unwrap()
        };
        assert_eq!(clause("breach").await.status, ClauseStatus::Proposed);
        let blocked = sales.act(&path(&contract), "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!((blocked.blocked_by.len(), blocked.blocked_by[0].gate.as_str()), (6, "clause_agreed"));
        let one = json!({"kinds": ["breach"], "evidence": evidence()});
        sales.act(&path(&contract), "agree", &one).await.ok::<Contract>();
        assert_eq!(clause("breach").await.status, ClauseStatus::Agreed);
        sales.act(&path(&contract), "agree", &one).await.problem(409, "contract.nothing_to_agree");
        let reworded = json!({"clauses": [{"kind": "breach", "text": "逾期每日 0.1%，累计不超过 10%。"}]});
        sales.patch(&path(&contract), reworded).await.ok::<Contract>();
        let breach = clause("breach").await;
        assert_eq!(
            (breach.status, breach.deviates, breach.template_text.is_some()),
            (ClauseStatus::Proposed, true, true)
        );
        let lines = json!({"lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": "1.00"}]});
        sales.patch(&path(&contract), lines).await.problem(409, "contract.lines_of_origin");
        let contract = approved(yewu, &contract).await;
        assert!(contract.clauses.iter().all(|clause| clause.status == ClauseStatus::Locked));
        sales.patch(&path(&contract), json!({"delivery_date": "2027-01-31"})).await.problem(409, "state.refused");
        let facts = told(yewu, contract.case_id).await;
        assert_eq!(
            facts,
            "contract.drafted clause.agreed clause.agreed version.created approval.requested approval.decided review.manager_passed review.legal_passed review.completed"
        );
    });
}

#[test]
fn con_04_submit_names_every_clause_that_is_missing() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "120000.00").await;
        let sales = yewu.role("sales_rep");
        let struck = json!({"clauses": [{"kind": "breach", "strike": true}, {"kind": "delivery", "strike": true}]});
        sales.patch(&path(&contract), struck).await.ok::<Contract>();
        let tag = sales.get(&path(&contract)).await.etag();
        let key = Uuid::now_v7().to_string();
        let headers = [("idempotency-key", key.as_str()), ("if-match", tag.as_str()), ("accept-language", "zh-CN")];
        let answer =
            sales.send(reqwest::Method::POST, &format!("{}/submit", path(&contract)), &headers, Some(&json!({}))).await;
        let problem = answer.problem(422, "contract.incomplete");
        assert_eq!(problem.detail, "缺少条款：交付期、违约责任");
        let missing: Vec<&str> = problem.blocked_by.iter().filter_map(|gate| gate.reference.as_deref()).collect();
        assert_eq!(missing, ["delivery", "breach"]);
        assert_eq!(sales.get(&path(&contract)).await.ok::<Contract>().status, ContractStatus::Draft);
    });
}

#[test]
fn con_10_both_parties_sign_the_customer_with_evidence() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "8000.00").await;
        let boss = yewu.role("general_manager");
        boss.act(&path(&contract), "sign", ours()).await.problem(409, "state.refused");
        let contract = approved(yewu, &contract).await;
        yewu.role("sales_rep").act(&path(&contract), "sign", ours()).await.problem(403, "permission.missing");
        let mut bare = customers();
        bare["evidence"] = Value::Null;
        assert_eq!(
            boss.act(&path(&contract), "sign", bare).await.problem(422, "contract.evidence").errors[0].pointer,
            "/evidence"
        );
        let mut mine = ours();
        mine["document_sha256"] = json!(contract.document_sha256);
        let once: Contract = boss.act(&path(&contract), "sign", mine).await.ok();
        assert_eq!((once.status, once.signed_at), (ContractStatus::Signing, None));
        boss.act(&path(&contract), "sign", ours()).await.problem(409, "contract.signed_already");
        let signed: Contract = boss.act(&path(&contract), "sign", customers_by_scan(&boss, &contract).await).await.ok();
        assert_eq!((signed.status, signed.signatures.len()), (ContractStatus::Signed, 2));
        boss.act(&path(&contract), "withdraw", json!({"reason": "x"})).await.problem(403, "permission.missing");
        yewu.role("sales_rep")
            .act(&path(&contract), "withdraw", json!({"reason": "x"}))
            .await
            .problem(409, "state.refused");
        assert!(told(yewu, contract.case_id).await.contains("review.completed contract.signed payment.due"));
    });
}

#[test]
fn con_17_a_signed_contract_binds_once_its_conditions_are_met_and_tells_all_that_orders_needs() {
    run(async |yewu| {
        let (contract, event) = drafted(yewu, "130000.00").await;
        yewu.role("sales_rep")
            .patch(&path(&contract), json!({"conditions": ["买方预付款到账"]}))
            .await
            .ok::<Contract>();
        let contract = signed(yewu, &contract).await;
        let legal = yewu.role("legal");
        let closed = legal.act(&path(&contract), "activate", json!({})).await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].reference.as_deref(), Some("买方预付款到账"));
        let button = contract.available_actions.iter().find(|action| action.action == "activate").unwrap();
        assert!(!button.allowed);
        legal
            .act(&path(&contract), "meet-condition", json!({"label": "别的"}))
            .await
            .problem(422, "contract.condition_unknown");
        legal.act(&path(&contract), "meet-condition", json!({"label": "买方预付款到账"})).await.ok::<Contract>();
        let effective: Contract = legal.act(&path(&contract), "activate", json!({})).await.ok();
        assert_eq!(effective.status, ContractStatus::Effective);
        legal.act(&path(&contract), "activate", json!({})).await.problem(409, "state.refused");
        let told = yewu
            .sql(
                "contracts",
                &format!(
                    "SELECT envelope FROM outbox WHERE subject = '{}' AND kind = 'contracts.contract.effective.v1'",
                    contract.id
                ),
            )
            .await;
        let told: Value = serde_json::from_str(&told).unwrap();
        let data = &told["data"];
        assert_eq!(
            (data["quote_id"].as_str(), data["totals"]["gross"]["amount"].as_str()),
            (contract.quote_id.map(|id| id.to_string()).as_deref(), Some("130000.00"))
        );
        assert_eq!(
            (data["number"].as_str(), data["acceptance_criteria"].as_array().map(Vec::len)),
            (Some(effective.number.as_str()), Some(3))
        );
        assert_eq!(
            (data["external_refs"][0]["id"].as_str(), told["ownerid"].as_str()),
            (Some("10248"), Some("sales_rep-1"))
        );
        assert_eq!(told["caseid"].as_str(), event.caseid.map(|id| id.to_string()).as_deref());
    });
}

#[test]
fn con_17_a_held_order_gets_one_contract_that_carries_it() {
    run(async |yewu| {
        let account = account(yewu).await;
        let held_order = held(order(account, "100000.01", None));
        let event = yewu.hear(&held_order).await;
        let mut again = event.clone();
        again.id = wire::EventId(Uuid::now_v7());
        yewu.deliver(&again).await;
        let found = of_case(yewu, event.caseid).await;
        assert_eq!((found.len(), found[0].order_id), (1, Some(held_order.order.order_id)));
        let mut shortage = held(order(account, "100000.01", None));
        shortage.hold = wire::orders::HoldKind::Shortage;
        let other = yewu.hear(&shortage).await;
        assert!(of_case(yewu, other.caseid).await.is_empty(), "other holds are not ours");
    });
}

#[test]
fn con_29_acceptance_terms_are_locked_at_approval() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "6000.00").await;
        let sales = yewu.role("sales_rep");
        let terms = json!({"clauses": [{"kind": "acceptance", "terms": {"type": "acceptance", "method": "trial_run", "within_working_days": 15, "criteria": ["连续运行 72 小时"]}}]});
        let changed: Contract = sales.patch(&path(&contract), terms).await.ok();
        testkit::patches(yewu, &sales, &path(&contract), &["delivery_date"], &["conditions", "clauses"]).await;
        assert_eq!(changed.review_policy, "contracts.contract.full", "softer terms are a deviation");
        let place = format!("{}/acceptance-terms", path(&contract));
        let open: Value = yewu.role("warehouse").get(&place).await.ok();
        assert_eq!((open["locked"].as_bool(), open["terms"]["method"].as_str()), (Some(false), Some("trial_run")));
        approved(yewu, &contract).await;
        let locked: Value = sales.get(&place).await.ok();
        assert_eq!(
            (locked["locked"].as_bool(), locked["terms"]["criteria"][0].as_str()),
            (Some(true), Some("连续运行 72 小时"))
        );
    });
}

#[test]
fn plt_12_contracts_of_others_do_not_exist() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "7000.00").await;
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        for place in [
            path(&contract),
            format!("{}/versions", path(&contract)),
            format!("{}/clauses", path(&contract)),
            format!("{}/acceptance-terms", path(&contract)),
        ] {
            stranger.get(&place).await.problem(404, "not_found");
        }
        let page: Page<Contract> = stranger.get(&format!("{CONTRACTS}?case_id={}", contract.case_id)).await.ok();
        assert!(page.items.is_empty());
        let drafts: Page<Contract> =
            yewu.role("sales_rep").get(&format!("{CONTRACTS}?case_id={}&status=draft", contract.case_id)).await.ok();
        assert_eq!(drafts.items.len(), 1);
    });
}

#[test]
fn con_18_a_contract_that_its_order_needs_no_more_is_withdrawn_unless_it_is_signed() {
    run(async |yewu| {
        let account = account(yewu).await;
        let asked = async || {
            let held_order = held(order(account, "100000.01", None)).order;
            let event = yewu.hear(&held(held_order.clone())).await;
            let case = event.caseid.expect("the event has a case");
            (held_order, case, of_case(yewu, event.caseid).await.remove(0))
        };
        let status = async |contract: &Contract| -> (ContractStatus, Option<String>) {
            let now: Contract = yewu.role("auditor").get(&path(contract)).await.ok();
            (now.status, now.reason)
        };
        let cancelled = |order: &OrderSnapshot| OrderCancelled {
            order_id: order.order_id,
            number: order.number.clone(),
            reason: "客户取消".into(),
        };
        let (order, case, draft) = asked().await;
        let other = HoldReleased { order_id: order.order_id, number: order.number.clone(), hold: HoldKind::Manual };
        yewu.deliver(&yewu.envelope(&other, case)).await;
        assert_eq!(status(&draft).await.0, ContractStatus::Draft, "another hold");
        yewu.deliver(&yewu.envelope(&cancelled(&order), case)).await;
        let (now, reason) = status(&draft).await;
        assert!(now == ContractStatus::Withdrawn && reason.unwrap().contains("客户取消"));
        let (order, case, draft) = asked().await;
        let reviewed = submitted(yewu, &draft).await;
        let released =
            HoldReleased { hold: HoldKind::ContractRequired, order_id: order.order_id, number: order.number };
        yewu.deliver(&yewu.envelope(&released, case)).await;
        assert_eq!(status(&reviewed).await.0, ContractStatus::Withdrawn);
        let (order, case, draft) = asked().await;
        let signed = signed(yewu, &draft).await;
        yewu.deliver(&yewu.envelope(&cancelled(&order), case)).await;
        assert_eq!(status(&signed).await.0, ContractStatus::Signed, "people decide what becomes of it");
    });
}
