//! Cost sheets: from a deal to a locked sum.
use crate::{SHEETS, account, blocked, heard_opportunity, lock_sheet, new_sheet, opportunity, run, sheet, told};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    Page,
    crm::OpportunityRegistered,
    quoting::{CostSheet, CostSheetStatus, Quote},
};

#[test]
fn quo_04_a_sheet_is_summed_verified_by_finance_and_locked_and_the_lock_is_told() {
    run(async |yewu| {
        let deal = heard_opportunity(yewu, account(yewu).await).await;
        let draft = sheet(yewu, deal.id).await;
        assert!(draft.number.starts_with("CS-20"), "{}", draft.number);
        assert_eq!((draft.case_id, draft.account_id), (deal.case_id, deal.account_id));
        let totals = [draft.totals.material, draft.totals.labor, draft.totals.overhead, draft.totals.other];
        assert_eq!(totals.map(|money| money.amount.to_string()), ["9844.02", "2970.00", "600.00", "0.00"]);
        assert_eq!(draft.totals.total.to_string(), "13414.02 CNY");
        let locked = lock_sheet(yewu, &draft).await;
        assert_eq!(locked.status, CostSheetStatus::Locked);
        assert_eq!(locked.verified_by.as_deref(), Some("user:finance_specialist-1"));
        assert_eq!(told(yewu, draft.id).await, "quoting.cost_sheet.locked.v1");
        let data = format!(
            "SELECT envelope::jsonb #>> '{{data,totals,total,amount}}' FROM outbox WHERE subject = '{}'",
            draft.id
        );
        assert_eq!(yewu.sql("quoting", &data).await, "13414.02");
        let (path, technical) = (format!("{SHEETS}/{}", draft.id), yewu.role("technical"));
        technical.patch(&path, json!({"note": "one more"})).await.problem(409, "state.refused");
        let finance = yewu.role("finance_specialist");
        finance.act(&path, "return", json!({"reason": "too late"})).await.problem(409, "state.refused");
        finance.act(&path, "lock", json!({})).await.problem(409, "state.refused");
        let page: Page<CostSheet> = finance.get(&format!("{SHEETS}?case_id={}&status=locked", deal.case_id)).await.ok();
        assert_eq!(page.items.iter().map(|sheet| sheet.id).collect::<Vec<_>>(), [draft.id]);
    });
}

#[test]
fn quo_04_who_made_it_does_not_verify_it_even_with_both_roles() {
    run(async |yewu| {
        let deal = heard_opportunity(yewu, account(yewu).await).await;
        let both = yewu.user("technical finance_specialist", "both-hats", "finance", "finance");
        let body = new_sheet(json!({"opportunity_id": deal.id}));
        let draft: CostSheet = both.post(SHEETS, body).await.created();
        let path = format!("{SHEETS}/{}", draft.id);
        both.act(&path, "verify", json!({})).await.problem(409, "state.refused");
        both.act(&path, "submit", json!({})).await.ok::<CostSheet>();
        both.act(&path, "verify", json!({})).await.problem(403, "cost_sheet.maker");
        assert_eq!(blocked(&both, &path, "verify").await, ["cost_sheet.maker"]);
        assert!(blocked(&both, &path, "return").await.is_empty());
        yewu.role("technical").act(&path, "verify", json!({})).await.problem(403, "permission.missing");
        let finance = yewu.role("finance_specialist");
        finance.act(&path, "verify", json!({})).await.ok::<CostSheet>();
        both.act(&path, "lock", json!({})).await.problem(403, "cost_sheet.maker");
        let back: CostSheet = finance.act(&path, "return", json!({"reason": "三月工时缺失"})).await.ok();
        assert_eq!(
            (back.status, back.reason.as_deref(), back.verified_by),
            (CostSheetStatus::Draft, Some("三月工时缺失"), None)
        );
        let line = json!({"lines": [{"kind": "other", "description": "运费", "quantity": "1", "unit_cost": "0.005"}]});
        let mended: CostSheet = both.patch(&path, line).await.ok();
        assert_eq!(mended.totals.total.amount.to_string(), "0.00", "half to even");
        finance.act(&path, "lock", json!({})).await.problem(409, "state.refused");
    });
}

#[test]
fn quo_04_a_sheet_is_for_one_known_opportunity_or_one_known_quote() {
    run(async |yewu| {
        let technical = yewu.role("technical");
        let customer = account(yewu).await;
        let unknown = opportunity(customer);
        let body = |subject: Value| new_sheet(subject);
        let refused = async |subject: Value, code: &str, pointer: &str| {
            let problem = technical.post(SHEETS, body(subject)).await.problem(422, code);
            assert_eq!(problem.errors[0].pointer, pointer);
        };
        refused(json!({"opportunity_id": unknown.id}), "body.invalid", "/opportunity_id").await;
        refused(json!({"quote_id": Uuid::now_v7()}), "cost_sheet.quote", "/quote_id").await;
        refused(json!({}), "cost_sheet.subject", "/opportunity_id").await;
        refused(
            json!({"opportunity_id": unknown.id, "quote_id": Uuid::now_v7()}),
            "cost_sheet.subject",
            "/opportunity_id",
        )
        .await;
        refused(json!({"opportunity_id": unknown.id, "colour": "red"}), "body.invalid", "/colour").await;
        yewu.hear(&OpportunityRegistered(unknown.clone())).await;
        refused(json!({"opportunity_id": unknown.id, "lines": []}), "cost_sheet.lines", "/lines").await;
        let quote: Quote = crate::quotes::drafted_for(yewu, customer).await;
        let sheet: CostSheet = technical.post(SHEETS, body(json!({"quote_id": quote.id}))).await.created();
        assert_eq!((sheet.case_id, sheet.quote_id, sheet.account_id), (quote.case_id, Some(quote.id), customer));
        let of = async |filter: String| {
            let page: Page<CostSheet> = technical.get(&format!("{SHEETS}?{filter}")).await.ok();
            page.items.iter().map(|sheet| sheet.id).collect::<Vec<_>>()
        };
        let deal: CostSheet = technical.post(SHEETS, body(json!({"opportunity_id": unknown.id}))).await.created();
        assert_eq!(of(format!("quote_id={}", quote.id)).await, [sheet.id]);
        assert_eq!(of(format!("opportunity_id={}", unknown.id)).await, [deal.id]);
        assert_eq!(of(format!("account_id={customer}")).await, [deal.id, sheet.id]);
    });
}

#[test]
fn quo_04_sales_people_do_not_see_costs_and_strangers_to_the_team_see_none() {
    run(async |yewu| {
        let deal = heard_opportunity(yewu, account(yewu).await).await;
        let draft = sheet(yewu, deal.id).await;
        let path = format!("{SHEETS}/{}", draft.id);
        yewu.role("sales_rep").get(&path).await.problem(403, "permission.missing");
        yewu.role("sales_manager").get(&path).await.ok::<CostSheet>();
        let elsewhere = yewu.user("sales_manager", "manager-west", "sales", "west");
        elsewhere.get(&path).await.problem(404, "not_found");
        let page: Page<CostSheet> = elsewhere.get(&format!("{SHEETS}?case_id={}", deal.case_id)).await.ok();
        assert!(page.items.is_empty());
        yewu.role("auditor").get(&path).await.ok::<CostSheet>();
    });
}
