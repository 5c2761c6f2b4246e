//! `/api/crm/v1/competitors`: parse, ask, answer.
use super::{domain::Competitor, store};
use crate::names::name_key;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, CompetitorId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_competitor)
        .service(list_competitors)
        .service(get_competitor)
        .service(update_competitor)
        .service(archive_competitor)
        .service(restore_competitor);
}

/// Note a competitor; one that is called the same must not be known.
#[utoipa::path(tag = "competitor", responses((status = 201, description = "The competitor", body = dto::Competitor)))]
#[post("/competitors")]
async fn create_competitor(cx: Cx, body: Json<dto::NewCompetitor>) -> Reply<dto::Competitor> {
    cx.command(StatusCode::CREATED, async |tx| {
        let key = name_key(body.0.name.as_str());
        tx.one_at_a_time(&format!("competitor:{key}")).await?;
        let known = store::by_name(tx.conn(), &key).await?;
        let change = Competitor::add(tx.id(), body.0.clone(), known.as_ref(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Competitors, newest first.
#[utoipa::path(tag = "competitor", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Competitor>)))]
#[get("/competitors")]
async fn list_competitors(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::Competitor>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One competitor.
#[utoipa::path(tag = "competitor", responses((status = 200, description = "The competitor", body = dto::Competitor)))]
#[get("/competitors/{id}")]
async fn get_competitor(cx: Cx, id: Path<CompetitorId>) -> Reply<dto::Competitor> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Write down what is known by now.
#[utoipa::path(tag = "competitor", responses((status = 200, description = "The competitor", body = dto::Competitor)))]
#[patch("/competitors/{id}")]
async fn update_competitor(cx: Cx, id: Path<CompetitorId>, body: Json<dto::CompetitorPatch>) -> Reply<dto::Competitor> {
    cx.command(StatusCode::OK, async |tx| {
        let competitor: Competitor = tx.open(*id).await?;
        Ok(show(tx.save(competitor.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// It is none any more; deals that name it keep it.
#[utoipa::path(tag = "competitor", responses((status = 200, description = "Archived", body = dto::Competitor)))]
#[post("/competitors/{id}/archive")]
async fn archive_competitor(cx: Cx, id: Path<CompetitorId>) -> Reply<dto::Competitor> {
    cx.command(StatusCode::OK, async |tx| {
        let competitor: Competitor = tx.open(*id).await?;
        Ok(show(tx.save(competitor.archive()?).await?, cx.caller()))
    })
    .await
}

/// It is one again.
#[utoipa::path(tag = "competitor", responses((status = 200, description = "Active", body = dto::Competitor)))]
#[post("/competitors/{id}/restore")]
async fn restore_competitor(cx: Cx, id: Path<CompetitorId>) -> Reply<dto::Competitor> {
    cx.command(StatusCode::OK, async |tx| {
        let competitor: Competitor = tx.open(*id).await?;
        Ok(show(tx.save(competitor.restore()?).await?, cx.caller()))
    })
    .await
}

fn show(competitor: Competitor, caller: &Caller) -> dto::Competitor {
    let available_actions = competitor.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Competitor { id, status, name, name_key: _, strengths, weaknesses, prices, note, created_at, version } =
        competitor;
    dto::Competitor {
        id,
        status,
        name,
        strengths,
        weaknesses,
        prices: prices.0,
        note,
        created_at,
        version,
        available_actions,
    }
}
