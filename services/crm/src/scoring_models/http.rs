//! `/api/crm/v1/scoring-models`: parse, ask, answer.
use super::{domain::ScoringModel, store};
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
    crm::{self as dto, ScoringModelId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_scoring_model)
        .service(list_scoring_models)
        .service(get_scoring_model)
        .service(update_scoring_model)
        .service(activate_scoring_model)
        .service(retire_scoring_model);
}

/// Draft a model.
#[utoipa::path(tag = "scoring_model", responses((status = 201, description = "The draft", body = dto::ScoringModel)))]
#[post("/scoring-models")]
async fn create_scoring_model(cx: Cx, body: Json<dto::NewScoringModel>) -> Reply<dto::ScoringModel> {
    cx.command(StatusCode::CREATED, async |tx| {
        let change = ScoringModel::draft(tx.id(), body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Models, newest first.
#[utoipa::path(tag = "scoring_model", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::ScoringModel>)))]
#[get("/scoring-models")]
async fn list_scoring_models(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::ScoringModel>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |model| model.id.into(), |model| show(model, cx.caller())))
    })
    .await
}

/// One model.
#[utoipa::path(tag = "scoring_model", responses((status = 200, description = "The model", body = dto::ScoringModel)))]
#[get("/scoring-models/{id}")]
async fn get_scoring_model(cx: Cx, id: Path<ScoringModelId>) -> Reply<dto::ScoringModel> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft.
#[utoipa::path(tag = "scoring_model", responses((status = 200, description = "The draft", body = dto::ScoringModel)))]
#[patch("/scoring-models/{id}")]
async fn update_scoring_model(
    cx: Cx,
    id: Path<ScoringModelId>,
    body: Json<dto::ScoringModelPatch>,
) -> Reply<dto::ScoringModel> {
    cx.command(StatusCode::OK, async |tx| {
        let model: ScoringModel = tx.open(*id).await?;
        Ok(show(tx.save(model.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Rate leads by it from now on; the one before retires, and leads rated by that are rated anew within a minute.
#[utoipa::path(tag = "scoring_model", responses((status = 200, description = "Active", body = dto::ScoringModel)))]
#[post("/scoring-models/{id}/activate")]
async fn activate_scoring_model(cx: Cx, id: Path<ScoringModelId>) -> Reply<dto::ScoringModel> {
    cx.command(StatusCode::OK, async |tx| {
        let model: ScoringModel = tx.open(*id).await?;
        let change = model.activate()?;
        tx.one_at_a_time("scoring_model").await?;
        if let Some(before) = store::active(tx.conn()).await? {
            let before: ScoringModel = tx.load(before.id).await?;
            tx.save(before.retire()?).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Rate leads by it no more.
#[utoipa::path(tag = "scoring_model", responses((status = 200, description = "Retired", body = dto::ScoringModel)))]
#[post("/scoring-models/{id}/retire")]
async fn retire_scoring_model(cx: Cx, id: Path<ScoringModelId>) -> Reply<dto::ScoringModel> {
    cx.command(StatusCode::OK, async |tx| {
        let model: ScoringModel = tx.open(*id).await?;
        Ok(show(tx.save(model.retire()?).await?, cx.caller()))
    })
    .await
}

fn show(model: ScoringModel, caller: &Caller) -> dto::ScoringModel {
    let available_actions = model.available_actions(caller);
    let ScoringModel { id, name, status, criteria, created_at, version } = model;
    dto::ScoringModel { id, name, status, criteria: criteria.0, created_at, version, available_actions }
}
