//! `/api/crm/v1/lead-sources`: parse, ask, answer.
use super::{
    domain::{LeadSource, LeadSourceRule},
    store,
};
use actix_web::{get, http::StatusCode, patch, post, web::Path};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::crm::{self as dto, LeadSourceId};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_lead_source).service(list_lead_sources).service(get_lead_source).service(update_lead_source);
}

/// Add a channel.
#[utoipa::path(tag = "lead_source", responses((status = 201, description = "The channel", body = dto::LeadSource)))]
#[post("/lead-sources")]
async fn create_lead_source(cx: Cx, body: Json<dto::NewLeadSource>) -> Reply<dto::LeadSource> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        tx.one_at_a_time(&format!("lead_source:{}", new.code)).await?;
        if store::by_code(tx.conn(), new.code.as_str()).await?.is_some() {
            return Err(LeadSourceRule::Code { code: new.code.into_string() }.into());
        }
        let change = LeadSource::add(tx.id(), new)?;
        Ok(show(tx.create(change).await?))
    })
    .await
}

/// All channels.
#[utoipa::path(tag = "lead_source", responses((status = 200, description = "All of them", body = Vec<dto::LeadSource>)))]
#[get("/lead-sources")]
async fn list_lead_sources(cx: Cx) -> Reply<Vec<dto::LeadSource>> {
    cx.read(async |conn| Ok(store::list(conn).await?.into_iter().map(show).collect())).await
}

/// One channel.
#[utoipa::path(tag = "lead_source", responses((status = 200, description = "The channel", body = dto::LeadSource)))]
#[get("/lead-sources/{id}")]
async fn get_lead_source(cx: Cx, id: Path<LeadSourceId>) -> Reply<dto::LeadSource> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

/// Rename a channel, or give it a last day.
#[utoipa::path(tag = "lead_source", responses((status = 200, description = "The channel", body = dto::LeadSource)))]
#[patch("/lead-sources/{id}")]
async fn update_lead_source(
    cx: Cx,
    id: Path<LeadSourceId>,
    body: Json<dto::LeadSourcePatch>,
) -> Reply<dto::LeadSource> {
    cx.command(StatusCode::OK, async |tx| {
        let source: LeadSource = tx.open(*id).await?;
        Ok(show(tx.save(source.update(body.0.clone())?).await?))
    })
    .await
}

fn show(source: LeadSource) -> dto::LeadSource {
    let referral = source.referral();
    let LeadSource { id, code, kind, name_zh, name_en, effective_from, effective_until, version } = source;
    dto::LeadSource { id, code, kind, name_zh, name_en, referral, effective_from, effective_until, version }
}
