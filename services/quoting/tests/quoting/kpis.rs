//! Key figures (KPI-02): what was earned, and the records behind it.
use crate::{QUOTES, SHEETS, account, heard_opportunity, lock_sheet};
use serde_json::{Value, json};
use testkit::Yewu;
use wire::{
    Page,
    kpi::{Kpi, KpiDefinition, KpiRecord},
    quoting::{CostSheet, Quote},
};

const PROFIT: &str = "/api/quoting/v1/kpis/sales_profit";

/// An accepted quote of this net price that rests on costs of 800.00, or on none.
async fn accepted(yewu: &Yewu, owner: &str, net: &str, costed: bool) -> Quote {
    let sales = yewu.user("sales_rep", owner, "sales", "sales");
    let customer = account(yewu).await;
    let deal = heard_opportunity(yewu, customer).await;
    let mut body = json!({"account_id": customer, "opportunity_id": deal.id, "currency": "CNY", "valid_until": "2099-12-31",
        "lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": net, "tax_rate": "0.13"}]});
    if costed {
        let costs = json!({"opportunity_id": deal.id, "currency": "CNY",
            "lines": [{"kind": "other", "description": "外购", "quantity": "1", "unit_cost": "800.00"}]});
        let sheet: CostSheet = yewu.role("technical").post(SHEETS, costs).await.created();
        body["cost_sheet_id"] = json!(lock_sheet(yewu, &sheet).await.id);
    }
    let quote: Quote = sales.post(QUOTES, body).await.created();
    let path = format!("{QUOTES}/{}", quote.id);
    sales.act(&path, "submit", json!({})).await.ok::<Quote>();
    crate::quotes::approve(yewu, quote.id.into()).await;
    sales.act(&path, "issue", json!({})).await.ok::<Quote>();
    let evidence = json!({"evidence": {"channel": "email", "person": "李雷", "at": "2026-03-02T01:00:00Z"}});
    sales.act(&path, "accept", evidence).await.ok()
}

#[test]
fn kpi_02_profit_is_net_less_locked_cost_of_what_was_accepted_and_the_records_add_up() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let first = accepted(&yewu, "ann", "1000.00", true).await;
        accepted(&yewu, "ann", "900.50", true).await;
        accepted(&yewu, "ben", "5000.00", true).await;
        accepted(&yewu, "ann", "700.00", false).await;
        let boss = yewu.role("finance_manager");
        let year = &first.decided_at.unwrap().to_string()[..4].to_owned();
        let ask = async |query: &str| boss.get(&format!("{PROFIT}?{query}")).await.ok::<Kpi>();
        let all = ask(&format!("period={year}")).await;
        assert_eq!((all.numerator.to_string(), all.records, all.left_out), ("4500.5".into(), 3, 1));
        assert_eq!(
            (all.value, all.denominator.to_string(), all.definition_version),
            (Some(all.numerator), "1".into(), 1)
        );
        let ann = ask(&format!("period={year}&subject=user:ann")).await;
        assert_eq!((ann.numerator.to_string(), ann.records, ann.left_out), ("300.5".into(), 2, 1));
        let records: Page<KpiRecord> = boss.get(&ann.drilldown).await.ok();
        let sum: rust_decimal::Decimal = records.items.iter().map(|record| record.numerator.get()).sum();
        assert_eq!((records.items.len(), sum), (2, ann.numerator.get()));
        assert!(records.items.iter().all(|record| record.owner_id.as_deref() == Some("ann")));
        // Page by page they are the same.
        let page: Page<KpiRecord> = boss.get(&format!("{}&limit=1", ann.drilldown)).await.ok();
        let next: Page<KpiRecord> =
            boss.get(&format!("{}&limit=1&after={}", ann.drilldown, page.next.unwrap())).await.ok();
        assert_eq!([&page.items[0], &next.items[0]], [&records.items[0], &records.items[1]]);
        let other = ask(&format!("period={}", year.parse::<i32>().unwrap() - 1)).await;
        assert_eq!((other.records, other.value.unwrap().to_string()), (0, "0".into()));
        let dollars = ask(&format!("period={year}&currency=USD")).await;
        assert_eq!((dollars.records, dollars.left_out), (0, 4));
        assert_eq!(ask(&format!("period={year}&subject=team:sales")).await.numerator, all.numerator);
        assert_eq!(ask(&format!("period={year}&subject=department:other")).await.records, 0);
    });
}

#[test]
fn kpi_02_a_quote_counts_in_the_period_of_its_acceptance_in_china() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let quote = accepted(&yewu, "ann", "1000.00", true).await;
        let boss = yewu.role("finance_manager");
        for (moment, counted) in [
            ("2026-02-28T15:59:59.999999Z", false),
            ("2026-02-28T16:00:00Z", true),
            ("2026-03-31T15:59:59.999999Z", true),
            ("2026-03-31T16:00:00Z", false),
        ] {
            let set = format!("UPDATE quotes SET decided_at = '{moment}' WHERE id = '{}'", quote.id);
            yewu.as_owner("quoting", &set).await;
            let kpi: Kpi = boss.get(&format!("{PROFIT}?period=2026-03")).await.ok();
            assert_eq!(kpi.records == 1, counted, "{moment}");
            let quarter: Kpi = boss.get(&format!("{PROFIT}?period=2026-Q1")).await.ok();
            assert_eq!(
                (quarter.records == 1, quarter.to.to_string()),
                (moment != "2026-03-31T16:00:00Z", "2026-03-31".into())
            );
        }
    });
}

#[test]
fn kpi_02_is_for_those_who_may_know_costs_and_of_what_they_see() {
    crate::run(async |yewu| {
        yewu.role("sales_rep").get(&format!("{PROFIT}?period=2026")).await.problem(403, "permission.missing");
        let boss = yewu.role("finance_manager");
        let far = yewu.user("sales_manager", "far-manager", "far", "far");
        assert_eq!(far.get(&format!("{PROFIT}?period=2026")).await.ok::<Kpi>().records, 0);
        boss.get("/api/quoting/v1/kpis/luck?period=2026").await.problem(404, "not_found");
        for bad in
            ["period=2026-13", "period=26", "subject=user:ann", "period=2026&subject=ann", "period=2026&currency=yuan"]
        {
            boss.get(&format!("{PROFIT}?{bad}")).await.problem(400, "query.invalid");
        }
        let known: Vec<KpiDefinition> = boss.get("/api/quoting/v1/kpis").await.ok();
        assert_eq!((known[0].key.as_str(), known[0].row.as_str()), ("sales_profit", "KPI-02"));
        let shown: Value = boss.get("/api/quoting/v1/kpis/sales_profit?period=2026-Q1").await.ok();
        assert_eq!(
            (&shown["from"], &shown["to"], &shown["currency"]),
            (&json!("2026-01-01"), &json!("2026-03-31"), &json!("CNY"))
        );
    });
}
