//! `/api/crm/v1/market-share-points`: parse, ask, answer.
use super::{domain::MarketSharePoint, store};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, MarketSharePointId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_market_share_point)
        .service(list_market_share_points)
        .service(get_market_share_point)
        .service(update_market_share_point);
}

/// Record our share of a market in a period.
#[utoipa::path(tag = "market_share_point", responses((status = 201, description = "The point", body = dto::MarketSharePoint)))]
#[post("/market-share-points")]
async fn create_market_share_point(cx: Cx, body: Json<dto::NewMarketSharePoint>) -> Reply<dto::MarketSharePoint> {
    cx.command(StatusCode::CREATED, async |tx| {
        tx.one_at_a_time("market_share_point").await?;
        let known = store::is_known(tx.conn(), body.0.market.as_str(), &body.0.period.to_string()).await?;
        let change = MarketSharePoint::record(tx.id(), body.0.clone(), known, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Points, newest first.
#[utoipa::path(tag = "market_share_point", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::MarketSharePoint>)))]
#[get("/market-share-points")]
async fn list_market_share_points(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::MarketSharePoint>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One point.
#[utoipa::path(tag = "market_share_point", responses((status = 200, description = "The point", body = dto::MarketSharePoint)))]
#[get("/market-share-points/{id}")]
async fn get_market_share_point(cx: Cx, id: Path<MarketSharePointId>) -> Reply<dto::MarketSharePoint> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Correct a point, by a better source.
#[utoipa::path(tag = "market_share_point", responses((status = 200, description = "The point", body = dto::MarketSharePoint)))]
#[patch("/market-share-points/{id}")]
async fn update_market_share_point(
    cx: Cx,
    id: Path<MarketSharePointId>,
    body: Json<dto::MarketSharePointPatch>,
) -> Reply<dto::MarketSharePoint> {
    cx.command(StatusCode::OK, async |tx| {
        let point: MarketSharePoint = tx.open(*id).await?;
        let change = point.correct(body.0.clone(), &tx.stamp());
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(point: MarketSharePoint, _: &Caller) -> dto::MarketSharePoint {
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let MarketSharePoint { id, market, period, share, source, recorded_by, recorded_at, version } = point;
    dto::MarketSharePoint { id, market, period, share, source, recorded_by, recorded_at, version }
}
