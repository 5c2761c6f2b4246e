//! CRM-39: the pipeline's figures, as they stand and as they were kept; each caller's own part of them.
use crate::{BASE, opportunity, path, run, worth};
use serde_json::json;
use testkit::Yewu;
use wire::{
    Day,
    crm::{Forecast, Opportunity, OpportunityOutcome, PipelineReport, WinLossReport},
};

/// `stage count amount weighted` of each stage and currency.
fn lines(report: &PipelineReport) -> Vec<String> {
    let line = |sum: &wire::crm::PipelineStageSum| {
        let amounts: Vec<String> =
            sum.amounts.iter().map(|part| format!(" {} {}", part.amount, part.weighted)).collect();
        format!("{} {}{}", sum.stage, sum.count, amounts.concat())
    };
    report.stages.iter().map(line).collect()
}

#[test]
fn crm_39_each_day_is_kept_once_and_never_changed() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (sales, other) = (yewu.role("sales_rep"), yewu.user("sales_rep", "ben", "sales", "west"));
        let first = worth(&sales, "1000.00").await;
        opportunity(&sales).await;
        let elsewhere = worth(&other, "500.00").await;
        let reports = format!("{BASE}/reports/pipeline");
        let live: PipelineReport = sales.get(&reports).await.ok();
        assert_eq!((live.live, lines(&live)), (true, vec!["research 2 1000.00 CNY 50.00 CNY".to_owned()]));
        let all: PipelineReport = yewu.role("auditor").get(&reports).await.ok();
        assert_eq!(lines(&all), ["research 3 1500.00 CNY 75.00 CNY"]);
        let team: PipelineReport = yewu.role("sales_manager").get(&reports).await.ok();
        assert_eq!(lines(&team), lines(&live), "a manager sees the team's");
        yewu.role("warehouse").get(&reports).await.problem(403, "permission.missing");

        let day = |days: i64| Day(live.as_of.0.saturating_add(jiff::Span::new().days(days)));
        let (yesterday, tomorrow) = (format!("{reports}?as_of={}", day(-1)), format!("{reports}?as_of={}", day(1)));
        sales.get(&tomorrow).await.problem(422, "report.future");
        sales.get(&yesterday).await.problem(422, "report.no_snapshot");
        yewu.node.run_jobs().await.unwrap();
        sales.act(&path("opportunities", first.id), "lose", json!({"reason": "价格"})).await.ok::<Opportunity>();
        yewu.node.run_jobs().await.unwrap();
        let kept: PipelineReport = sales.get(&yesterday).await.ok();
        assert_eq!((kept.live, kept.as_of, lines(&kept)), (false, day(-1), lines(&live)), "a picture stays as it was");
        let now: PipelineReport = sales.get(&reports).await.ok();
        assert_eq!(lines(&now), ["research 1"]);
        let told = "SELECT count(*) FROM outbox WHERE kind = 'crm.pipeline.snapshot_taken.v1'";
        assert_eq!(yewu.sql("crm", told).await, "1");
        let counted = "SELECT (SELECT sum(opportunities) FROM pipeline_snapshots) || ' ' || (SELECT count(*) FROM pipeline_snapshot_rows)";
        assert_eq!(yewu.sql("crm", counted).await, "3 3");
        let may = "SELECT has_table_privilege(current_user, 'pipeline_snapshot_rows', 'UPDATE')";
        assert_eq!(yewu.sql("crm", may).await, "false", "the service itself cannot change one");

        // It was closed as this picture was taken, on a machine whose clock is ahead: the next picture need not show it again.
        let ahead =
            format!("UPDATE opportunities SET closed_at = closed_at + interval '30 hours' WHERE id = '{}'", first.id);
        yewu.as_owner("crm", &ahead).await;
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24));
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(yewu.sql("crm", told).await, "2");
        let sales = yewu.role("sales_rep");
        let today: PipelineReport = sales.get(&format!("{reports}?as_of={}", live.as_of)).await.ok();
        assert_eq!((today.live, lines(&today)), (false, vec!["research 1".to_owned()]));
        let lost = "SELECT count(*) FROM pipeline_snapshot_rows WHERE status = 'lost'";
        assert_eq!(yewu.sql("crm", lost).await, "1", "what was closed since is kept with how it ended");
        // This one says a moment before the picture that shows it as open: its closing came to stand only after.
        let late = format!(
            "UPDATE opportunities SET status = 'lost', reason = 'x', closed_at = (SELECT max(taken_at) FROM pipeline_snapshots) - interval '1 second' WHERE id = '{}'",
            elsewhere.id
        );
        yewu.as_owner("crm", &late).await;
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24));
        yewu.node.run_jobs().await.unwrap();
        let lost = "SELECT string_agg(r.opportunity_id::text, ' ' ORDER BY s.day) FROM pipeline_snapshot_rows r \
            JOIN pipeline_snapshots s ON s.id = r.snapshot_id WHERE r.status = 'lost'";
        let once = format!("{} {}", first.id, elsewhere.id);
        assert_eq!(yewu.sql("crm", lost).await, once, "each closing stands in one picture");
        let sales = yewu.role("sales_rep");
        let later: PipelineReport = sales.get(&format!("{reports}?as_of={}", live.as_of)).await.ok();
        assert_eq!(later.as_of, live.as_of);
    });
}

#[test]
fn crm_39_a_forecast_weighs_what_is_open_and_counts_what_is_won() {
    run(async |yewu| {
        let sales = yewu.user("sales_rep", "forecaster", "sales", "forecast");
        worth(&sales, "1000.00").await;
        worth(&sales, "0.10").await;
        opportunity(&sales).await;
        let forecast: Forecast = sales.get(&format!("{BASE}/reports/forecast?period=2099-Q4")).await.ok();
        let [month] = &forecast.months[..] else { panic!("{forecast:?}") };
        assert_eq!((month.month.as_str(), month.open_count), ("2099-12", 2));
        let text = [month.won, month.committed, month.best_case, month.weighted].map(|money| money.amount.to_string());
        assert_eq!(text, ["0.00", "0.00", "1000.10", "50.00"], "50.005 is rounded half to even");
        let none: Forecast = sales.get(&format!("{BASE}/reports/forecast?period=2099-11")).await.ok();
        assert!(none.months.is_empty());
        let won = worth(&sales, "77.00").await;
        sales.act(&path("opportunities", won.id), "win", json!({"reason": "报价"})).await.ok::<Opportunity>();
        let year = yewu.node.clock.now().timestamp().to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).year();
        let this: Forecast = sales.get(&format!("{BASE}/reports/forecast?period={year}")).await.ok();
        assert_eq!(this.months[0].won.amount.to_string(), "77.00");
        sales.get(&format!("{BASE}/reports/forecast?period=2099-13")).await.problem(400, "query.invalid");
    });
}

#[test]
fn crm_39_won_and_lost_with_reasons_times_and_stages() {
    run(async |yewu| {
        let sales = yewu.user("sales_rep", "closer", "sales", "closing");
        let today = yewu.role("auditor").get(&format!("{BASE}/reports/pipeline")).await.ok::<PipelineReport>().as_of;
        let (mut ids, verbs) = (Vec::new(), [("win", "报价"), ("lose", "价格"), ("lose", "价格"), ("lose", "交期")]);
        for (verb, reason) in verbs {
            let one = worth(&sales, "100.00").await;
            let at = path("opportunities", one.id);
            sales.act(&at, "advance", json!({})).await.ok::<Opportunity>();
            sales.act(&at, verb, json!({"reason": reason})).await.ok::<Opportunity>();
            ids.push(one.id);
        }
        worth(&sales, "100.00").await;
        let ask = format!("{BASE}/reports/win-loss?from={today}&to={today}");
        let report: WinLossReport = sales.get(&ask).await.ok();
        let counts: Vec<(OpportunityOutcome, i64)> =
            report.outcomes.iter().map(|sum| (sum.outcome, sum.count)).collect();
        assert_eq!(counts, [(OpportunityOutcome::Lost, 3), (OpportunityOutcome::Won, 1)]);
        assert_eq!(report.win_rate.map(|rate| rate.to_string()).as_deref(), Some("0.25"));
        let reasons: Vec<(&str, i64)> = report.reasons.iter().map(|line| (line.reason.as_str(), line.count)).collect();
        assert_eq!(reasons[0], ("价格", 2));
        let stages: Vec<(&str, i64, i64)> =
            report.stages.iter().map(|line| (line.stage.as_str(), line.entered, line.moved_on)).collect();
        assert_eq!(stages, [("research", 4, 4), ("screen", 4, 1)], "the won one counts as gone on");
        assert_eq!(report.stages[1].conversion.to_string(), "0.25");
        let stranger: WinLossReport = yewu.user("sales_rep", "nobody-39", "sales", "x").get(&ask).await.ok();
        assert!(stranger.outcomes.is_empty() && stranger.win_rate.is_none());
        let from = |from: &str, to: &str| format!("{BASE}/reports/win-loss?from={from}&to={to}");
        sales.get(&from("2026-01-02", "2026-01-01")).await.problem(422, "report.backwards");
        sales.get(&from("2026-01-01", "2027-01-02")).await.problem(422, "report.too_long");
    });
}
