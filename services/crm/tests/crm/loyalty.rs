//! CRM-53, KPI-13: how loyal customers are, and by how much that changes from quarter to quarter.
use crate::{BASE, account, order, path, told_at};
use serde_json::json;
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    CaseId, Page,
    aftersales::SurveyAnswered,
    crm::Loyalty,
    kpi::{Kpi, KpiRecord},
};

fn travel_to(yewu: &Yewu, at: &str) {
    let at: jiff::Timestamp = at.parse().expect("a moment");
    yewu.node.clock.travel(at.duration_since(yewu.node.clock.now().timestamp()));
}

#[test]
fn crm_53_loyalty_is_counted_and_kept_each_quarter() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        travel_to(&yewu, "2031-01-15T00:00:00Z");
        let sales = yewu.role("sales_rep");
        let customer = account(&sales).await;
        account(&sales).await;
        let loyalty = format!("{}/loyalty", path("accounts", customer.id));
        let none: Loyalty = sales.get(&loyalty).await.ok();
        assert_eq!((none.orders, none.index, none.repurchase_rate, none.tenure_days), (0, None, None, 0));

        yewu.deliver(&order(&yewu, &customer, "100.00", "CNY", "2030-11-01T00:00:00Z")).await;
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        yewu.deliver(&order(&yewu, &customer, "100.00", "CNY", "2031-02-01T00:00:00Z")).await;
        // The quarter ends at midnight in China: the one is of it, the other is not.
        let (last, next) = (account(&sales).await, account(&sales).await);
        yewu.deliver(&order(&yewu, &last, "100.00", "CNY", "2031-03-31T15:59:59Z")).await;
        yewu.deliver(&order(&yewu, &next, "100.00", "CNY", "2031-03-31T16:00:00Z")).await;
        let answered = json!({"survey_id": Uuid::now_v7(), "number": "SV-1", "revisit_id": Uuid::now_v7(), "order_id": Uuid::now_v7(),
            "account_id": customer.id, "scores": [5, 5, 5, 5, 5], "mean": "5.00"});
        let survey: SurveyAnswered = serde_json::from_value(answered).unwrap();
        let survey = yewu.envelope(&survey, CaseId(Uuid::now_v7()));
        yewu.deliver(&told_at(survey, Uuid::now_v7(), Some("cs"), "2031-02-10T00:00:00Z")).await;
        travel_to(&yewu, "2031-04-15T00:00:00Z");
        yewu.node.run_jobs().await.unwrap();

        let sales = yewu.role("sales_rep");
        let known: Loyalty = sales.get(&loyalty).await.ok();
        assert_eq!((known.orders, known.tenure_days), (2, 165));
        let rate = known.repurchase_rate.map(|rate| rate.to_string());
        assert_eq!(
            (rate.as_deref(), known.survey_mean.map(|mean| mean.to_string()).as_deref()),
            (Some("0.5"), Some("5.00"))
        );
        let quarters: Vec<String> =
            known.quarters.iter().map(|kept| format!("{} {}", kept.quarter, kept.index)).collect();
        assert_eq!(quarters, ["2031-Q1 62.74", "2030-Q4 1.83"]);
        let told = "SELECT string_agg(envelope::jsonb#>>'{data,accounts}', ' ' ORDER BY seq) FROM outbox WHERE kind = 'crm.loyalty.snapshot.v1'";
        assert_eq!(yewu.sql("crm", told).await, "1 2", "once a quarter, of customers who have ordered in it or before");
        let may = "SELECT has_table_privilege(current_user, 'loyalty_snapshot_rows', 'UPDATE')";
        assert_eq!(yewu.sql("crm", may).await, "false");

        let kpi = format!("{BASE}/kpis/loyalty_change");
        let grown: Kpi = sales.get(&format!("{kpi}?period=2031-Q1")).await.ok();
        assert_eq!((grown.value.map(|value| value.to_string()).as_deref(), grown.records), (Some("60.91"), 1));
        let records: Page<KpiRecord> = sales.get(&grown.drilldown).await.ok();
        assert_eq!(
            (records.items[0].kind.as_str(), records.items[0].number.as_str()),
            ("account", customer.number.as_str())
        );
        let month = async |period: &str| {
            let kpi: Kpi = sales.get(&format!("{kpi}?period={period}")).await.ok();
            (kpi.value.map(|value| value.to_string()), kpi.records)
        };
        assert_eq!(month("2031-03").await, (Some("60.91".to_owned()), 1), "the month in which the quarter ends");
        assert_eq!(month("2031-02").await, (None, 0), "in this one none ends: it has not grown by nothing");
        let before: Kpi = sales.get(&format!("{kpi}?period=2030-Q4")).await.ok();
        assert_eq!((before.value, before.records), (None, 0), "of the quarter before nothing is known");
    });
}
