//! `/api/quoting/v1/market-prices`: parse, ask, answer.
use super::{
    domain::{MarketPrice, MarketPriceRule},
    store,
};
use crate::products;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Money, Page, PageQuery,
    quoting::{self as dto, MarketPriceId, MarketPriceQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_market_price)
        .service(list_market_prices)
        .service(get_market_price)
        .service(withdraw_market_price);
}

/// Record what somebody else asks for one of our products.
#[utoipa::path(tag = "market_price", responses((status = 201, description = "Recorded", body = dto::MarketPrice)))]
#[post("/market-prices")]
async fn create_market_price(cx: Cx, body: Json<dto::NewMarketPrice>) -> Reply<dto::MarketPrice> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        if !products::catalogue(tx.conn(), &[new.sku.as_str()]).await?.contains_key(new.sku.as_str()) {
            return Err(MarketPriceRule::Sku { sku: new.sku.into_string() }.into());
        }
        let change = MarketPrice::record(tx.id(), new, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Market prices, the one recorded last first.
#[utoipa::path(tag = "market_price", params(MarketPriceQuery), responses((status = 200, description = "A page", body = Page<dto::MarketPrice>)))]
#[get("/market-prices")]
async fn list_market_prices(cx: Cx, asked: Query<MarketPriceQuery>) -> Reply<Page<dto::MarketPrice>> {
    let (limit, after, status) = (asked.limit, asked.after, asked.status.clone());
    let page = PageQuery { limit, after, status, ..PageQuery::default() };
    cx.read(async |conn| {
        let rows = store::list(conn, &asked, &page).await?;
        Ok(page.page(rows, |price| price.id.into(), |price| show(price, cx.caller())))
    })
    .await
}

/// One market price.
#[utoipa::path(tag = "market_price", responses((status = 200, description = "The market price", body = dto::MarketPrice)))]
#[get("/market-prices/{id}")]
async fn get_market_price(cx: Cx, id: Path<MarketPriceId>) -> Reply<dto::MarketPrice> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// It was a mistake: no price follows it any more.
#[utoipa::path(tag = "market_price", responses((status = 200, description = "Withdrawn", body = dto::MarketPrice)))]
#[post("/market-prices/{id}/withdraw")]
async fn withdraw_market_price(cx: Cx, id: Path<MarketPriceId>, body: Json<dto::Reason>) -> Reply<dto::MarketPrice> {
    cx.command(StatusCode::OK, async |tx| {
        let price: MarketPrice = tx.open(*id).await?;
        Ok(show(tx.save(price.withdraw(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

fn show(price: MarketPrice, caller: &Caller) -> dto::MarketPrice {
    let available_actions = price.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let MarketPrice {
        id,
        sku,
        kind,
        source,
        unit_price,
        currency,
        day,
        status,
        note,
        reason,
        recorded_by,
        created_at,
        version,
    } = price;
    dto::MarketPrice {
        id,
        sku,
        kind,
        source,
        unit_price: Money::new(unit_price, currency),
        day,
        status,
        note,
        reason,
        recorded_by,
        created_at,
        version,
        available_actions,
    }
}
