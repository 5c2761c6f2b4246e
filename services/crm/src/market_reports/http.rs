//! `/api/crm/v1/market-reports`: parse, ask, answer.
use super::{domain::MarketReport, store};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, MarketReportId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_market_report)
        .service(list_market_reports)
        .service(get_market_report)
        .service(update_market_report)
        .service(submit_market_report)
        .service(return_market_report)
        .service(publish_market_report);
}

/// Draft a report; it may name the published one whose place it shall take.
#[utoipa::path(tag = "market_report", responses((status = 201, description = "The draft", body = dto::MarketReport)))]
#[post("/market-reports")]
async fn create_market_report(cx: Cx, body: Json<dto::NewMarketReport>) -> Reply<dto::MarketReport> {
    cx.command(StatusCode::CREATED, async |tx| {
        let mut before = None;
        if let Some(id) = body.0.supersedes_id {
            let named: Option<MarketReport> = tx.try_load(id).await?;
            let unknown = || ApiError::absent("/supersedes_id", "market_report", id);
            before = Some(named.ok_or_else(unknown)?);
        }
        let number = tx.next_number("market_report").await?;
        let change = MarketReport::draft(tx.id(), number, body.0.clone(), before.as_ref(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Reports, newest first.
#[utoipa::path(tag = "market_report", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::MarketReport>)))]
#[get("/market-reports")]
async fn list_market_reports(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::MarketReport>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One report.
#[utoipa::path(tag = "market_report", responses((status = 200, description = "The report", body = dto::MarketReport)))]
#[get("/market-reports/{id}")]
async fn get_market_report(cx: Cx, id: Path<MarketReportId>) -> Reply<dto::MarketReport> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft.
#[utoipa::path(tag = "market_report", responses((status = 200, description = "The report", body = dto::MarketReport)))]
#[patch("/market-reports/{id}")]
async fn update_market_report(
    cx: Cx,
    id: Path<MarketReportId>,
    body: Json<dto::MarketReportPatch>,
) -> Reply<dto::MarketReport> {
    cx.command(StatusCode::OK, async |tx| {
        let report: MarketReport = tx.open(*id).await?;
        Ok(show(tx.save(report.update(body.0.clone(), &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Have it reviewed; it must say something of trends, competitors and target groups.
#[utoipa::path(tag = "market_report", responses((status = 200, description = "In review", body = dto::MarketReport)))]
#[post("/market-reports/{id}/submit")]
async fn submit_market_report(cx: Cx, id: Path<MarketReportId>) -> Reply<dto::MarketReport> {
    cx.command(StatusCode::OK, async |tx| {
        let report: MarketReport = tx.open(*id).await?;
        let change = report.submit()?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Send it back to its author; say why.
#[utoipa::path(tag = "market_report", responses((status = 200, description = "A draft again", body = dto::MarketReport)))]
#[post("/market-reports/{id}/return")]
async fn return_market_report(cx: Cx, id: Path<MarketReportId>, body: Json<dto::Reason>) -> Reply<dto::MarketReport> {
    cx.command(StatusCode::OK, async |tx| {
        let report: MarketReport = tx.open(*id).await?;
        let change = report.send_back(body.0.reason.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Publish it; by another than those who wrote in it. The report that it supersedes steps aside.
#[utoipa::path(tag = "market_report", responses((status = 200, description = "Published", body = dto::MarketReport)))]
#[post("/market-reports/{id}/publish")]
async fn publish_market_report(cx: Cx, id: Path<MarketReportId>) -> Reply<dto::MarketReport> {
    cx.command(StatusCode::OK, async |tx| {
        let report: MarketReport = tx.open(*id).await?;
        let change = report.publish(&tx.stamp())?;
        if let Some(before) = change.after().supersedes_id {
            let before: MarketReport = tx.load(before).await?;
            if before.may("supersede").is_ok() {
                tx.save(before.supersede()?).await?;
            }
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(report: MarketReport, caller: &Caller) -> dto::MarketReport {
    let available_actions = report.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let MarketReport {
        id,
        number,
        status,
        title,
        period,
        sections,
        supersedes_id,
        author,
        makers: _,
        reviewer,
        reason,
        created_at,
        published_at,
        version,
    } = report;
    dto::MarketReport {
        id,
        number,
        status,
        title,
        period,
        sections: sections.0,
        supersedes_id,
        author,
        reviewer,
        reason,
        created_at,
        published_at,
        version,
        available_actions,
    }
}
