//! `/api/crm/v1/requirement-surveys`: parse, ask, answer.
use super::{domain::RequirementSurvey, store};
use crate::opportunities;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, OpportunityPageQuery, RequirementSurveyId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_requirement_survey)
        .service(list_requirement_surveys)
        .service(get_requirement_survey)
        .service(update_requirement_survey)
        .service(conduct_requirement_survey)
        .service(record_requirement_survey);
}

/// Plan how to find out what the customer of an open opportunity needs.
#[utoipa::path(tag = "requirement_survey", responses((status = 201, description = "The survey", body = dto::RequirementSurvey)))]
#[post("/requirement-surveys")]
async fn create_requirement_survey(cx: Cx, body: Json<dto::NewRequirementSurvey>) -> Reply<dto::RequirementSurvey> {
    cx.command(StatusCode::CREATED, async |tx| {
        let opportunity = opportunities::named_open(tx, &cx, body.0.opportunity_id).await?;
        let change = RequirementSurvey::plan(tx.id(), body.0.clone(), &opportunity, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Surveys, newest first.
#[utoipa::path(tag = "requirement_survey", params(OpportunityPageQuery), responses((status = 200, description = "A page", body = Page<dto::RequirementSurvey>)))]
#[get("/requirement-surveys")]
async fn list_requirement_surveys(cx: Cx, query: Query<OpportunityPageQuery>) -> Reply<Page<dto::RequirementSurvey>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One survey.
#[utoipa::path(tag = "requirement_survey", responses((status = 200, description = "The survey", body = dto::RequirementSurvey)))]
#[get("/requirement-surveys/{id}")]
async fn get_requirement_survey(cx: Cx, id: Path<RequirementSurveyId>) -> Reply<dto::RequirementSurvey> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a planned survey.
#[utoipa::path(tag = "requirement_survey", responses((status = 200, description = "The survey", body = dto::RequirementSurvey)))]
#[patch("/requirement-surveys/{id}")]
async fn update_requirement_survey(
    cx: Cx,
    id: Path<RequirementSurveyId>,
    body: Json<dto::RequirementSurveyPatch>,
) -> Reply<dto::RequirementSurvey> {
    cx.command(StatusCode::OK, async |tx| {
        let survey: RequirementSurvey = tx.open(*id).await?;
        Ok(show(tx.save(survey.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// It has taken place: say when, and who was there.
#[utoipa::path(tag = "requirement_survey", responses((status = 200, description = "Conducted", body = dto::RequirementSurvey)))]
#[post("/requirement-surveys/{id}/conduct")]
async fn conduct_requirement_survey(
    cx: Cx,
    id: Path<RequirementSurveyId>,
    body: Json<dto::ConductRequirementSurvey>,
) -> Reply<dto::RequirementSurvey> {
    cx.command(StatusCode::OK, async |tx| {
        let survey: RequirementSurvey = tx.open(*id).await?;
        let change = survey.conduct(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Write down what was found out, field by field.
#[utoipa::path(tag = "requirement_survey", responses((status = 200, description = "Recorded", body = dto::RequirementSurvey)))]
#[post("/requirement-surveys/{id}/record")]
async fn record_requirement_survey(
    cx: Cx,
    id: Path<RequirementSurveyId>,
    body: Json<dto::RecordRequirementSurvey>,
) -> Reply<dto::RequirementSurvey> {
    cx.command(StatusCode::OK, async |tx| {
        let survey: RequirementSurvey = tx.open(*id).await?;
        let change = survey.record(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(survey: RequirementSurvey, caller: &Caller) -> dto::RequirementSurvey {
    let (available_actions, unanswered) = (survey.available_actions(caller), survey.unanswered());
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let RequirementSurvey {
        id,
        status,
        case_id,
        opportunity_id,
        method,
        planned_on,
        conducted_on,
        attendees,
        answers,
        recorded_by,
        recorded_at,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = survey;
    dto::RequirementSurvey {
        id,
        status,
        case_id,
        opportunity_id,
        method,
        planned_on,
        conducted_on,
        attendees: attendees.0,
        answers: answers.0,
        unanswered,
        recorded_by,
        recorded_at,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
