//! `/api/quoting/v1/rate-cards`: parse, ask, answer.
use super::{domain::RateCard, store};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    quoting::{self as dto, RateCardId},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_rate_card).service(list_rate_cards).service(get_rate_card).service(retire_rate_card);
}

/// Say what an hour costs the customer.
#[utoipa::path(tag = "rate_card", responses((status = 201, description = "The rate card", body = dto::RateCard)))]
#[post("/rate-cards")]
async fn create_rate_card(cx: Cx, body: Json<dto::NewRateCard>) -> Reply<dto::RateCard> {
    cx.command(StatusCode::CREATED, async |tx| {
        let change = RateCard::create(tx.id(), body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Rate cards, newest first.
#[utoipa::path(tag = "rate_card", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::RateCard>)))]
#[get("/rate-cards")]
async fn list_rate_cards(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::RateCard>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |card| card.id.into(), |card| show(card, cx.caller())))
    })
    .await
}

/// One rate card.
#[utoipa::path(tag = "rate_card", responses((status = 200, description = "The rate card", body = dto::RateCard)))]
#[get("/rate-cards/{id}")]
async fn get_rate_card(cx: Cx, id: Path<RateCardId>) -> Reply<dto::RateCard> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// New quotes name it no more; say why.
#[utoipa::path(tag = "rate_card", responses((status = 200, description = "Retired", body = dto::RateCard)))]
#[post("/rate-cards/{id}/retire")]
async fn retire_rate_card(cx: Cx, id: Path<RateCardId>, body: Json<dto::Reason>) -> Reply<dto::RateCard> {
    cx.command(StatusCode::OK, async |tx| {
        let card: RateCard = tx.open(*id).await?;
        let change = card.retire(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(card: RateCard, caller: &Caller) -> dto::RateCard {
    let available_actions = card.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let RateCard {
        id,
        role,
        hourly_rate,
        currency,
        first_day,
        last_day,
        status,
        reason,
        created_by,
        created_at,
        retired_at,
        version,
    } = card;
    dto::RateCard {
        id,
        role,
        hourly_rate,
        currency,
        first_day,
        last_day,
        status,
        reason,
        created_by,
        created_at,
        retired_at,
        version,
        available_actions,
    }
}
