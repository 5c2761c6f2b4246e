//! `/api/aftersales/v1/survey-templates`: parse, ask, answer.
use super::{domain::SurveyTemplate, store};
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
    aftersales::{self as dto, SurveyTemplateId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_survey_template)
        .service(list_survey_templates)
        .service(get_survey_template)
        .service(update_survey_template)
        .service(activate_survey_template)
        .service(retire_survey_template);
}

/// Draft a template of five questions.
#[utoipa::path(tag = "survey_template", responses((status = 201, description = "The draft", body = dto::SurveyTemplate)))]
#[post("/survey-templates")]
async fn create_survey_template(cx: Cx, body: Json<dto::NewSurveyTemplate>) -> Reply<dto::SurveyTemplate> {
    cx.command(StatusCode::CREATED, async |tx| {
        let change = SurveyTemplate::draft(tx.id(), body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Templates, newest first.
#[utoipa::path(tag = "survey_template", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::SurveyTemplate>)))]
#[get("/survey-templates")]
async fn list_survey_templates(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::SurveyTemplate>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |template| template.id.into(), |template| show(template, cx.caller())))
    })
    .await
}

/// One template.
#[utoipa::path(tag = "survey_template", responses((status = 200, description = "The template", body = dto::SurveyTemplate)))]
#[get("/survey-templates/{id}")]
async fn get_survey_template(cx: Cx, id: Path<SurveyTemplateId>) -> Reply<dto::SurveyTemplate> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft.
#[utoipa::path(tag = "survey_template", responses((status = 200, description = "The draft", body = dto::SurveyTemplate)))]
#[patch("/survey-templates/{id}")]
async fn update_survey_template(
    cx: Cx,
    id: Path<SurveyTemplateId>,
    body: Json<dto::SurveyTemplatePatch>,
) -> Reply<dto::SurveyTemplate> {
    cx.command(StatusCode::OK, async |tx| {
        let template: SurveyTemplate = tx.open(*id).await?;
        Ok(show(tx.save(template.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Ask customers with it from now on; the one before is retired.
#[utoipa::path(tag = "survey_template", responses((status = 200, description = "Active", body = dto::SurveyTemplate)))]
#[post("/survey-templates/{id}/activate")]
async fn activate_survey_template(cx: Cx, id: Path<SurveyTemplateId>) -> Reply<dto::SurveyTemplate> {
    cx.command(StatusCode::OK, async |tx| {
        // Two drafts must not both find the same predecessor.
        tx.one_at_a_time("survey_template.active").await?;
        let template: SurveyTemplate = tx.open(*id).await?;
        let stamp = tx.stamp();
        let change = template.activate(&stamp)?;
        if let Some(before) = store::active(tx.conn()).await? {
            let before: SurveyTemplate = tx.load(before.id).await?;
            tx.save(before.replace(&stamp)?).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Put a draft away.
#[utoipa::path(tag = "survey_template", responses((status = 200, description = "Retired", body = dto::SurveyTemplate)))]
#[post("/survey-templates/{id}/retire")]
async fn retire_survey_template(cx: Cx, id: Path<SurveyTemplateId>) -> Reply<dto::SurveyTemplate> {
    cx.command(StatusCode::OK, async |tx| {
        let template: SurveyTemplate = tx.open(*id).await?;
        let change = template.retire(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(template: SurveyTemplate, caller: &Caller) -> dto::SurveyTemplate {
    let available_actions = template.available_actions(caller);
    let SurveyTemplate { id, name, status, questions, created_at, activated_at, retired_at, version } = template;
    let questions = questions.0;
    dto::SurveyTemplate {
        id,
        name,
        status,
        questions,
        created_at,
        activated_at,
        retired_at,
        version,
        available_actions,
    }
}
