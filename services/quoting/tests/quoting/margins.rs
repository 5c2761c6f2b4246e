//! Margins (QUO-18): locked cost against net price, and one approver more below the floor.
use crate::{QUOTES, SHEETS, account, heard_opportunity, lock_sheet, run};
use serde_json::json;
use testkit::Yewu;
use wire::{
    Page,
    approval::{Approval, ForeseenStep},
    quoting::{CostSheet, MarginStatus, PriceConcern, Quote, QuoteApprovalPreview, QuoteMargin},
};

/// A draft of this net price that rests on a sheet of 950.00, locked or not.
async fn drafted(yewu: &Yewu, net: &str, locked: bool) -> Quote {
    let customer = account(yewu).await;
    let deal = heard_opportunity(yewu, customer).await;
    let costs = json!({"opportunity_id": deal.id, "currency": "CNY",
        "lines": [{"kind": "other", "description": "外购", "quantity": "1", "unit_cost": "950.00"}]});
    let sheet: CostSheet = yewu.role("technical").post(SHEETS, costs).await.created();
    if locked {
        lock_sheet(yewu, &sheet).await;
    }
    let body = json!({"account_id": customer, "opportunity_id": deal.id, "cost_sheet_id": sheet.id, "currency": "CNY",
        "valid_until": "2099-12-31",
        "lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": net, "discount_rate": "0", "tax_rate": "0.13"}]});
    yewu.role("sales_rep").post(QUOTES, body).await.created()
}
async fn margin(yewu: &Yewu, quote: &Quote) -> QuoteMargin {
    yewu.role("sales_manager").get(&format!("{QUOTES}/{}/margin", quote.id)).await.ok()
}

#[test]
fn quo_18_below_the_floor_finance_decides_too_at_the_floor_it_need_not() {
    run(async |yewu| {
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let sales = yewu.role("sales_rep");
        for (net, policy, steps, status) in [
            ("999.99", "quoting.quote.low_margin", 2, MarginStatus::Breached),
            ("1000.00", "quoting.quote", 1, MarginStatus::Met),
            ("1000.01", "quoting.quote", 1, MarginStatus::Met),
        ] {
            let quote = drafted(yewu, net, true).await;
            let path = format!("{QUOTES}/{}", quote.id);
            sales.act(&path, "submit", json!({})).await.ok::<Quote>();
            let page: Page<Approval> =
                yewu.role("auditor").get(&format!("/api/quoting/v1/approvals?subject_id={}", quote.id)).await.ok();
            assert_eq!((page.items[0].policy_key.as_str(), page.items[0].steps.len()), (policy, steps), "{net}");
            assert_eq!(margin(yewu, &quote).await.status, status, "{net}");
            let told = crate::told(yewu, quote.id).await;
            let expected = if status == MarginStatus::Breached { "quoting.quote.margin_breached.v1" } else { "" };
            assert_eq!(told, expected, "{net}");
        }
    });
}

#[test]
fn quo_18_the_margin_is_net_price_less_locked_cost_and_sales_people_do_not_see_it() {
    run(async |yewu| {
        let quote = drafted(yewu, "1250.00", true).await;
        let QuoteMargin { net, cost, margin: left, margin_rate, floor, floor_version, .. } = margin(yewu, &quote).await;
        let shown = [Some(net), cost, left].map(|money| money.unwrap().to_string());
        assert_eq!(shown, ["1250.00 CNY", "950.00 CNY", "300.00 CNY"]);
        assert_eq!(
            (margin_rate.unwrap().to_string(), floor.to_string(), floor_version),
            ("0.24".into(), "0.05".into(), 1)
        );
        let path = format!("{QUOTES}/{}/margin", quote.id);
        yewu.role("sales_rep").get(&path).await.problem(403, "permission.missing");
        yewu.user("sales_manager", "manager-west", "sales", "west").get(&path).await.problem(404, "not_found");
    });
}

#[test]
fn quo_18_without_a_locked_sheet_in_its_currency_the_margin_is_unknown() {
    run(async |yewu| {
        let open = drafted(yewu, "1.00", false).await;
        let unknown = margin(yewu, &open).await;
        assert_eq!((unknown.status, unknown.cost, unknown.margin), (MarginStatus::Unknown, None, None));
    });
}

#[test]
fn quo_18_without_a_cost_sheet_finance_decides_too_however_high_the_price_and_again_once_it_is_dropped() {
    run(async |yewu| {
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let sales = yewu.role("sales_rep");
        let submitted = async |quote: &Quote| {
            let path = format!("{QUOTES}/{}", quote.id);
            let foreseen = sales.get(&format!("{path}/approval-preview")).await.ok::<QuoteApprovalPreview>();
            sales.act(&path, "submit", json!({})).await.ok::<Quote>();
            let about = format!("/api/quoting/v1/approvals?subject_id={}&status=pending", quote.id);
            let asked = yewu.role("auditor").get(&about).await.ok::<Page<Approval>>().items.remove(0);
            let names = foreseen.approval_steps.iter().map(|step| &step.name);
            assert!(names.eq(asked.steps.iter().map(|step| &step.name)), "what was foreseen is asked");
            assert_eq!(foreseen.approval_required, asked.policy_key == "quoting.quote.low_margin");
            (foreseen.concerns, asked.steps.len())
        };
        let bare = crate::quotes::drafted_for(yewu, account(yewu).await).await;
        assert_eq!(submitted(&bare).await, (vec![PriceConcern::CostUnknown], 2));
        // Nobody gets around it by a revision either: its sheet is dropped, and it is asked like any other.
        let quote = drafted(yewu, "1000.00", true).await;
        assert_eq!(submitted(&quote).await, (vec![], 1));
        crate::quotes::approve(yewu, quote.id.into()).await;
        let path = format!("{QUOTES}/{}", quote.id);
        sales.act(&path, "issue", json!({})).await.ok::<Quote>();
        let revised: Quote = sales.act(&path, "revise", json!({})).await.created();
        let path = format!("{QUOTES}/{}", revised.id);
        let dropped: Quote = sales.patch(&path, json!({"cost_sheet_id": null})).await.ok();
        assert_eq!(submitted(&dropped).await, (vec![PriceConcern::CostUnknown], 2));
    });
}

#[test]
fn quo_18_the_preview_names_who_decides_in_both_languages_and_no_figure_of_the_costs() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        for (net, concerns, roles) in [
            ("999.99", vec![PriceConcern::LowMargin], vec!["业务经理 Sales manager", "财务经理 Finance manager"]),
            ("1000.00", vec![], vec!["业务经理 Sales manager"]),
        ] {
            let path = format!("{QUOTES}/{}/approval-preview", drafted(yewu, net, true).await.id);
            let answer = sales.get(&path).await;
            assert!(!answer.text.contains("950.00"), "{}", answer.text);
            let shown: QuoteApprovalPreview = answer.ok();
            let labels = |step: &ForeseenStep| format!("{} {}", step.roles[0].chinese, step.roles[0].english);
            assert_eq!(shown.approval_steps.iter().map(labels).collect::<Vec<_>>(), roles, "{net}");
            assert_eq!((shown.approval_required, shown.concerns), (!concerns.is_empty(), concerns), "{net}");
            let west = yewu.user("sales_manager", "manager-west", "sales", "west");
            west.get(&path).await.problem(404, "not_found");
        }
    });
}

#[test]
fn quo_18_below_the_floor_everybody_of_the_usual_policy_decides_and_finance_too() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        yewu.staff(&["sales_manager", "vice_president", "finance_manager"]).await;
        let steps = json!([{"name": "sales", "mode": "any", "roles": ["sales_manager"]},
            {"name": "top", "mode": "any", "roles": ["vice_president"]}]);
        let tiers = json!([{"from": {"amount": "0", "included": true}, "to": null, "steps": steps}]);
        let version = json!({"follows": 1, "tiers": tiers, "cumulative": false, "reason": "大额报价须副总审批"});
        let place = "/api/quoting/v1/policies/quoting.quote/versions";
        yewu.role("finance_director").post(place, version).await.created::<wire::policy::PolicyVersion>();
        let sales = yewu.role("sales_rep");
        let asked = async |quote: Quote| {
            sales.act(&format!("{QUOTES}/{}", quote.id), "submit", json!({})).await.ok::<Quote>();
            let about = format!("/api/quoting/v1/approvals?subject_id={}", quote.id);
            let approval = yewu.role("auditor").get(&about).await.ok::<Page<Approval>>().items.remove(0);
            approval.steps.into_iter().map(|step| step.roles.join("+")).collect::<Vec<_>>().join(" > ")
        };
        let usual = "sales_manager > vice_president";
        assert_eq!(asked(drafted(&yewu, "1000.00", true).await).await, usual);
        let low = format!("{usual} > finance_manager");
        assert_eq!(asked(drafted(&yewu, "999.99", true).await).await, low);
        let foreign = drafted(&yewu, "1000.00", true).await;
        yewu.as_owner("quoting", "UPDATE cost_sheets SET currency = 'USD'").await;
        assert_eq!(asked(foreign).await, low, "nobody knows what it leaves");
    });
}
