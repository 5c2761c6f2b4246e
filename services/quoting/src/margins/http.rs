//! `/api/quoting/v1/quotes/{id}/margin`: what a quote leaves, for those who may know costs.
use super::store;
use crate::quotes;
use actix_web::{get, web::Path};
use platform::{Cx, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Money,
    quoting::{self as dto, QuoteId},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_quote_margin);
}

/// Net price, locked cost and what is left of it, against the floor that holds now.
#[utoipa::path(tag = "margin", responses((status = 200, description = "The margin", body = dto::QuoteMargin)))]
#[get("/quotes/{id}/margin")]
async fn get_quote_margin(cx: Cx, id: Path<QuoteId>) -> Reply<dto::QuoteMargin> {
    let now = cx.app().clock.now();
    cx.read(async |conn| {
        let quote = cx.visible(*id, quotes::find(conn, *id).await?)?;
        let floor = store::floor_for(conn, quote.head.account_id, now).await?;
        let (margin, head) = (quote.margin(), &quote.head);
        let money = |amount| Money::new(amount, head.currency);
        Ok(dto::QuoteMargin {
            quote_id: head.id,
            number: head.number.clone(),
            revision: head.revision,
            cost_sheet_id: head.cost_sheet_id,
            net: money(margin.net),
            cost: margin.known_cost().map(money),
            margin: margin.amount().map(money),
            margin_rate: margin.rate(),
            floor: floor.floor,
            floor_version: floor.version,
            pricing_policy_revision: floor.pricing_policy_revision,
            status: margin.status(floor),
        })
    })
    .await
}
