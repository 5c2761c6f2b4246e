//! `/api/crm/v1/reports`: parse, ask, answer. Each report counts only what the caller may see.
use super::{
    domain::{ReportRule, by_month, by_stage, check_range, day_asked, days, share},
    store::{self, Ended},
};
use crate::{
    periods::{moments, moments_of},
    scope::Within,
};
use actix_web::{get, web::Query};
use platform::{Cx, Reply, calendar::Calendar};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::crm::{self as dto, OpportunityOutcome};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_pipeline_report).service(get_forecast_report).service(get_win_loss_report);
}

/// Open opportunities by stage: count, amount and weighted amount; as they stand, or as a day's picture kept them.
#[utoipa::path(tag = "report", params(dto::PipelineReportQuery), responses((status = 200, description = "The pipeline", body = dto::PipelineReport), (status = 422, description = "A day to come, or of which no picture was kept")))]
#[get("/reports/pipeline")]
async fn get_pipeline_report(cx: Cx, query: Query<dto::PipelineReportQuery>) -> Reply<dto::PipelineReport> {
    cx.read(async |conn| {
        let (within, now) = (Within::sight(cx.sight()), cx.app().clock.now());
        let today = Calendar::china().day(now);
        let Some(day) = day_asked(query.as_of, today)? else {
            let stages = by_stage(store::stages(conn, &within, None).await?);
            return Ok(dto::PipelineReport { as_of: today, taken_at: now, live: true, stages });
        };
        let snapshot = store::latest(conn, day).await?.ok_or(ReportRule::NoSnapshot { day })?;
        let stages = by_stage(store::stages(conn, &within, Some(snapshot.id)).await?);
        Ok(dto::PipelineReport { as_of: snapshot.day, taken_at: snapshot.taken_at, live: false, stages })
    })
    .await
}

/// What may come in, month by month: won, committed (70 % or more), best case, and weighted by likelihood.
#[utoipa::path(tag = "report", params(dto::ForecastQuery), responses((status = 200, description = "The forecast", body = dto::Forecast)))]
#[get("/reports/forecast")]
async fn get_forecast_report(cx: Cx, query: Query<dto::ForecastQuery>) -> Reply<dto::Forecast> {
    cx.read(async |conn| {
        let (period, within) = (query.period, Within::sight(cx.sight()));
        let days = (period.first(), period.last());
        let parts = store::expected(conn, &within, days, moments(period)).await?;
        Ok(dto::Forecast { period, as_of: cx.app().clock.now(), months: by_month(parts) })
    })
    .await
}

/// What became of the opportunities that were closed: won and lost with their reasons, how long they took, and at which stage they
/// were left behind.
#[utoipa::path(tag = "report", params(dto::WinLossQuery), responses((status = 200, description = "Won and lost", body = dto::WinLossReport), (status = 422, description = "The last day before the first, or more than 366 days")))]
#[get("/reports/win-loss")]
async fn get_win_loss_report(cx: Cx, query: Query<dto::WinLossQuery>) -> Reply<dto::WinLossReport> {
    cx.read(async |conn| {
        let dto::WinLossQuery { from, to } = query.0;
        check_range(from, to)?;
        let (within, span) = (Within::sight(cx.sight()), moments_of(from, to));
        let outcomes = store::ended(conn, &within, span, false).await?;
        let reasons = store::ended(conn, &within, span, true).await?;
        let stages = store::passed(conn, &within, span).await?;
        let count = |wanted| outcomes.iter().filter(|sum| sum.outcome == wanted).map(|sum| sum.count).sum::<i64>();
        let (won, lost) = (count(OpportunityOutcome::Won), count(OpportunityOutcome::Lost));
        let conversion = |passed: store::Passed| dto::StageConversion {
            pipeline_id: passed.pipeline_id,
            stage: passed.stage,
            entered: passed.entered,
            moved_on: passed.moved_on,
            conversion: share(passed.moved_on, passed.entered).unwrap_or_default(),
            mean_days: days(passed.seconds),
        };
        Ok(dto::WinLossReport {
            from,
            to,
            win_rate: share(won, won + lost),
            outcomes: outcomes.into_iter().map(outcome).collect(),
            reasons: reasons.into_iter().map(reason).collect(),
            stages: stages.into_iter().map(conversion).collect(),
        })
    })
    .await
}

fn outcome(Ended { outcome, reason: _, count, seconds }: Ended) -> dto::OutcomeSum {
    dto::OutcomeSum { outcome, count, mean_cycle_days: days(seconds) }
}

fn reason(Ended { outcome, reason, count, seconds: _ }: Ended) -> dto::OutcomeReason {
    dto::OutcomeReason { outcome, reason, count }
}
