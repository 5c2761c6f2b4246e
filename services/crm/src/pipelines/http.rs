//! `/api/crm/v1/pipelines`: parse, ask, answer.
use super::{domain::Pipeline, store};
use actix_web::{get, http::StatusCode, patch, post, web::Path};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::crm::{self as dto, PipelineId};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_pipeline)
        .service(list_pipelines)
        .service(get_pipeline)
        .service(list_pipeline_stages)
        .service(update_pipeline);
}

/// Add a pipeline.
#[utoipa::path(tag = "pipeline", responses((status = 201, description = "The pipeline", body = dto::Pipeline)))]
#[post("/pipelines")]
async fn create_pipeline(cx: Cx, body: Json<dto::NewPipeline>) -> Reply<dto::Pipeline> {
    cx.command(StatusCode::CREATED, async |tx| {
        let change = Pipeline::add(tx.id(), body.0.clone())?;
        Ok(show(tx.create(change).await?))
    })
    .await
}

/// All pipelines.
#[utoipa::path(tag = "pipeline", responses((status = 200, description = "All of them", body = Vec<dto::Pipeline>)))]
#[get("/pipelines")]
async fn list_pipelines(cx: Cx) -> Reply<Vec<dto::Pipeline>> {
    cx.read(async |conn| Ok(store::list(conn).await?.into_iter().map(show).collect())).await
}

/// One pipeline.
#[utoipa::path(tag = "pipeline", responses((status = 200, description = "The pipeline", body = dto::Pipeline)))]
#[get("/pipelines/{id}")]
async fn get_pipeline(cx: Cx, id: Path<PipelineId>) -> Reply<dto::Pipeline> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

/// Its stages, in order.
#[utoipa::path(tag = "pipeline", responses((status = 200, description = "All of them", body = Vec<dto::PipelineStage>)))]
#[get("/pipelines/{id}/stages")]
async fn list_pipeline_stages(cx: Cx, id: Path<PipelineId>) -> Reply<Vec<dto::PipelineStage>> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.stages.0)).await
}

/// Mend a pipeline.
#[utoipa::path(tag = "pipeline", responses((status = 200, description = "The pipeline", body = dto::Pipeline)))]
#[patch("/pipelines/{id}")]
async fn update_pipeline(cx: Cx, id: Path<PipelineId>, body: Json<dto::PipelinePatch>) -> Reply<dto::Pipeline> {
    cx.command(StatusCode::OK, async |tx| {
        let pipeline: Pipeline = tx.open(*id).await?;
        Ok(show(tx.save(pipeline.update(body.0.clone())?).await?))
    })
    .await
}

fn show(pipeline: Pipeline) -> dto::Pipeline {
    let Pipeline { id, name, is_default, stages, version } = pipeline;
    dto::Pipeline { id, name, is_default, stages: stages.0, version }
}
