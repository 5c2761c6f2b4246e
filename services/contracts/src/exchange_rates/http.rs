//! `/api/contracts/v1/exchange-rates`: parse, ask, answer.
use super::{domain, store};
use actix_web::{
    get, put,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{Currency, Day, Page, PageQuery, contracts as dto};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_exchange_rate).service(list_exchange_rates);
}

/// State the rate of a currency for a day; stated anew, it takes the place of the one before.
#[utoipa::path(
    tag = "exchange_rate",
    params(("date" = Day, Path), ("currency" = Currency, Path)),
    responses(
        (status = 201, description = "Stated", body = dto::ExchangeRate),
        (status = 200, description = "Stated anew", body = dto::ExchangeRate),
    ),
)]
#[put("/exchange-rates/{date}/{currency}")]
async fn create_exchange_rate(
    cx: Cx,
    path: Path<(Day, Currency)>,
    body: Json<dto::NewExchangeRate>,
) -> Reply<dto::ExchangeRate> {
    let (date, currency) = path.into_inner();
    cx.upsert(async |tx| {
        // Who states the same rate for the first time waits here, and then sees it.
        tx.one_at_a_time(&format!("exchange_rate {date} {currency}")).await?;
        let known = match store::named(tx.conn(), date, currency).await? {
            Some(id) => Some(tx.load::<domain::RateRow>(id).await?),
            None => None,
        };
        let created = known.is_none();
        let change = domain::state(known, tx.id(), (date, currency), body.0.clone(), &tx.stamp())?;
        let stated = if created { tx.create(change).await? } else { tx.save(change).await? };
        Ok((created, domain::show(stated)))
    })
    .await
}

/// Rates, those stated last first.
#[utoipa::path(tag = "exchange_rate", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::ExchangeRate>)))]
#[get("/exchange-rates")]
async fn list_exchange_rates(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::ExchangeRate>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |row| row.id.into(), domain::show))
    })
    .await
}
