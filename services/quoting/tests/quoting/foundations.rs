//! What quotes rest on: an opportunity, products on sale, a locked cost sheet, a confirmed specification.
use crate::{
    QUOTES, account, blocked, confirm_spec, fresh_sku, heard_opportunity, heard_spec, lock_sheet, on_sale, opportunity,
    product, put_product,
    quotes::{approve, drafted_for, new_quote},
    run, sheet,
};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    crm::OpportunityRegistered,
    quoting::{CostSheet, Quote, QuoteStatus},
};

#[test]
fn quo_06_a_quote_of_an_opportunity_takes_its_case_and_its_customer() {
    run(async |yewu| {
        let (sales, customer) = (yewu.role("sales_rep"), account(yewu).await);
        let deal = opportunity(customer);
        let mut body = new_quote(customer, "10.00");
        body["opportunity_id"] = json!(deal.id);
        let unknown = sales.post(QUOTES, &body).await.problem(422, "body.invalid");
        assert_eq!(unknown.errors[0].pointer, "/opportunity_id");
        yewu.hear(&OpportunityRegistered(deal.clone())).await;
        let quote: Quote = sales.post(QUOTES, &body).await.created();
        assert_eq!((quote.case_id, quote.opportunity_id), (deal.case_id, Some(deal.id)));
        body["account_id"] = json!(account(yewu).await);
        let elsewhere = sales.post(QUOTES, &body).await.problem(422, "quote.opportunity");
        assert_eq!(elsewhere.errors[0].pointer, "/opportunity_id");
    });
}

#[test]
fn quo_13_only_products_on_sale_are_quoted_and_lines_take_their_names() {
    run(async |yewu| {
        let (sales, technical) = (yewu.role("sales_rep"), yewu.role("technical"));
        let sold = on_sale(yewu).await;
        let mut body = new_quote(account(yewu).await, "10.00");
        let line = |sku: &str, description: Value| json!({"sku": sku, "description": description, "quantity": "1", "unit_price": "1.00"});
        body["lines"] = json!([line(&sold.sku, Value::Null), line(&sold.sku, json!("按图纸"))]);
        let quote: Quote = sales.post(QUOTES, &body).await.created();
        let descriptions: Vec<&str> = quote.lines.iter().map(|line| line.line.description.as_str()).collect();
        assert_eq!(descriptions, ["离心泵 40", "按图纸"]);
        let (unknown, mut draft) = (fresh_sku(), product(&fresh_sku()));
        draft["status"] = json!("draft");
        let unpublished = draft["sku"].as_str().unwrap().to_owned();
        put_product(yewu, &unpublished, &draft).await.created::<Value>();
        for sku in [&unknown, &unpublished] {
            body["lines"] = json!([line(&sold.sku, Value::Null), line(sku, Value::Null)]);
            let problem = sales.post(QUOTES, &body).await.problem(422, "quote.sku");
            assert_eq!(problem.errors[0].pointer, "/lines/1/sku");
        }
        technical
            .act(&format!("{}/{}", crate::PRODUCTS, sold.id), "retire", json!({"reason": "end"}))
            .await
            .ok::<Value>();
        let path = format!("{QUOTES}/{}", quote.id);
        sales.patch(&path, json!({"note": "the old lines stay"})).await.ok::<Quote>();
        let problem =
            sales.patch(&path, json!({"lines": [line(&sold.sku, Value::Null)]})).await.problem(422, "quote.sku");
        assert_eq!(problem.errors[0].pointer, "/lines/0/sku");
    });
}

#[test]
fn quo_04_a_quote_is_submitted_only_with_a_locked_cost_sheet_of_its_own_deal() {
    run(async |yewu| {
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let (sales, customer) = (yewu.role("sales_rep"), account(yewu).await);
        let deal = heard_opportunity(yewu, customer).await;
        let costs: CostSheet = sheet(yewu, deal.id).await;
        let mut body = new_quote(customer, "10.00");
        body["opportunity_id"] = json!(deal.id);
        body["cost_sheet_id"] = json!(Uuid::now_v7());
        assert_eq!(
            sales.post(QUOTES, &body).await.problem(422, "quote.cost_sheet").errors[0].pointer,
            "/cost_sheet_id"
        );
        body["cost_sheet_id"] = json!(costs.id);
        let quote: Quote = sales.post(QUOTES, &body).await.created();
        let path = format!("{QUOTES}/{}", quote.id);
        assert_eq!(blocked(&sales, &path, "submit").await, ["cost_sheet_locked"]);
        let gate = &sales.act(&path, "submit", json!({})).await.problem(409, "gate.closed").blocked_by[0];
        assert_eq!((gate.gate.as_str(), gate.reference.clone()), ("cost_sheet_locked", Some(costs.id.to_string())));
        lock_sheet(yewu, &costs).await;
        assert_eq!(blocked(&sales, &path, "submit").await, Vec::<String>::new());
        assert_eq!(sales.act(&path, "submit", json!({})).await.ok::<Quote>().status, QuoteStatus::PendingApproval);
        let stranger = drafted_for(yewu, customer).await;
        let path = format!("{QUOTES}/{}", stranger.id);
        let problem =
            sales.patch(&path, json!({"cost_sheet_id": costs.id})).await.problem(422, "quote.cost_sheet_case");
        assert_eq!(problem.errors[0].pointer, "/cost_sheet_id");
        let own = crate::new_sheet(json!({"quote_id": stranger.id}));
        let own: CostSheet = yewu.role("technical").post(crate::SHEETS, own).await.created();
        let named: Quote = sales.patch(&path, json!({"cost_sheet_id": own.id})).await.ok();
        assert_eq!(named.cost_sheet_id, Some(own.id));
        let submit = named.available_actions.iter().find(|a| a.action == "submit").unwrap();
        assert_eq!((submit.allowed, submit.blocked_by[0].gate.as_str()), (false, "cost_sheet_locked"));
    });
}

#[test]
fn quo_03_a_quote_is_issued_only_after_the_customer_confirmed_the_specification() {
    run(async |yewu| {
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let (sales, customer) = (yewu.role("sales_rep"), account(yewu).await);
        let deal = heard_opportunity(yewu, customer).await;
        let spec = heard_spec(yewu, &deal).await;
        let mut body = new_quote(account(yewu).await, "10.00");
        body["requirement_spec_id"] = json!(spec.id);
        let elsewhere = sales.post(QUOTES, &body).await.problem(422, "quote.requirement_spec");
        assert_eq!(elsewhere.errors[0].pointer, "/requirement_spec_id");
        body["account_id"] = json!(customer);
        body["opportunity_id"] = json!(deal.id);
        let quote: Quote = sales.post(QUOTES, &body).await.created();
        let path = format!("{QUOTES}/{}", quote.id);
        sales.act(&path, "submit", json!({})).await.ok::<Quote>();
        approve(yewu, quote.id.into()).await;
        assert_eq!(blocked(&sales, &path, "issue").await, ["spec_confirmed"]);
        let listed = sales.get(&format!("{QUOTES}?case_id={}", deal.case_id)).await.json();
        assert_eq!(listed["items"][0]["available_actions"][0]["blocked_by"][0]["gate"], "spec_confirmed");
        let gate = &sales.act(&path, "issue", json!({})).await.problem(409, "gate.closed").blocked_by[0];
        assert_eq!((gate.gate.as_str(), gate.reference.clone()), ("spec_confirmed", Some(spec.id.to_string())));
        confirm_spec(yewu, &spec).await;
        yewu.hear(&wire::crm::RequirementSpecSubmitted(spec.clone())).await;
        assert_eq!(blocked(&sales, &path, "issue").await, Vec::<String>::new(), "older news changes nothing");
        assert_eq!(sales.act(&path, "issue", json!({})).await.ok::<Quote>().status, QuoteStatus::Issued);
    });
}

#[test]
fn plt_a_foreign_reference_names_one_quote_and_its_revisions_keep_it() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let reference = Uuid::now_v7().to_string();
        let mut body = new_quote(account(yewu).await, "10.00");
        body["external_refs"] = json!([{"system": "northwind", "id": reference}]);
        let quote: Quote = sales.post(QUOTES, &body).await.created();
        let bound = format!("SELECT entity_id FROM external_refs WHERE kind = 'quote' AND reference = '{reference}'");
        assert_eq!(yewu.sql("quoting", &bound).await, quote.id.to_string());
        let problem = sales.post(QUOTES, &body).await.problem(409, "external_ref.taken");
        assert_eq!(problem.errors[0].pointer, "/external_refs/0");
        body["external_refs"] = json!(vec![json!({"system": "erp", "id": "1"}); 21]);
        sales.post(QUOTES, &body).await.problem(422, "quote.external_refs");
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let path = format!("{QUOTES}/{}", quote.id);
        sales.act(&path, "submit", json!({})).await.ok::<Quote>();
        approve(yewu, quote.id.into()).await;
        sales.act(&path, "issue", json!({})).await.ok::<Quote>();
        let revised: Quote = sales.act(&path, "revise", json!({})).await.created();
        assert_eq!(revised.external_refs[0].id.as_str(), reference);
    });
}
