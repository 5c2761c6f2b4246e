//! `/api/aftersales/v1/surveys`: parse, ask, answer.
use super::{
    domain::{Answer, Survey},
    store,
};
use crate::{revisits::domain::Revisit, tickets};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    aftersales::{self as dto, RevisitId, SurveyId},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_surveys).service(get_survey).service(answer_survey);
}

/// Surveys, newest first.
#[utoipa::path(tag = "survey", params(dto::SurveyQuery), responses((status = 200, description = "A page", body = Page<dto::Survey>)))]
#[get("/surveys")]
async fn list_surveys(cx: Cx, query: Query<dto::SurveyQuery>) -> Reply<Page<dto::Survey>> {
    let page = query.page();
    let dto::SurveyQuery { revisit_id, .. } = query.into_inner();
    cx.read(async |conn| {
        let rows = store::list(conn, &page, revisit_id.map(RevisitId), cx.sight()).await?;
        Ok(page.page(rows, |survey| survey.head.id.into(), |survey| show(survey, cx.caller())))
    })
    .await
}

/// One survey.
#[utoipa::path(tag = "survey", responses((status = 200, description = "The survey", body = dto::Survey)))]
#[get("/surveys/{id}")]
async fn get_survey(cx: Cx, id: Path<SurveyId>) -> Reply<dto::Survey> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Record the customer's answers, with the evidence of them. They cannot be changed afterwards. A score of 2 or less, or
/// trouble that was told of, opens a ticket at once, which the revisit shows.
#[utoipa::path(tag = "survey", responses((status = 200, description = "Answered", body = dto::Survey)))]
#[post("/surveys/{id}/answer")]
async fn answer_survey(cx: Cx, id: Path<SurveyId>, body: Json<dto::AnswerSurvey>) -> Reply<dto::Survey> {
    cx.command(StatusCode::OK, async |tx| {
        // Always the revisit's lock first, as when a revisit is closed.
        let absent = || ApiError::NotFound { entity: Survey::KIND, id: id.to_string() };
        let revisit_id = store::revisit_of(tx.conn(), *id).await?.ok_or_else(absent)?;
        let revisit: Revisit = tx.load(revisit_id).await?;
        let survey: Survey = tx.open(*id).await?;
        let change = survey.answer(body.0.clone(), &tx.stamp())?;
        let survey = tx.save(change).await?;
        let ticket = tickets::open_for_survey(tx, &survey, &revisit).await?;
        tx.save(revisit.answered(survey.satisfied(), ticket)?).await?;
        Ok(show(survey, cx.caller()))
    })
    .await
}

fn show(survey: Survey, caller: &Caller) -> dto::Survey {
    let (available_actions, satisfied) = (survey.available_actions(caller), survey.satisfied());
    let answer = |Answer { survey_id: _, question, score, comment }| dto::SurveyAnswer { question, score, comment };
    let answers = survey.answers.into_iter().map(answer).collect();
    let super::domain::Head {
        id,
        number,
        status,
        case_id,
        revisit_id,
        order_id,
        account_id,
        account_name,
        template_id,
        questions,
        mean,
        note,
        problem_reported,
        evidence,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        answered_at,
        version,
    } = survey.head;
    dto::Survey {
        id,
        number,
        status,
        case_id,
        revisit_id,
        order_id,
        account_id,
        account_name,
        template_id,
        questions: questions.0,
        answers,
        mean,
        satisfied,
        note,
        problem_reported,
        evidence: evidence.map(|kept| kept.0),
        owner_id,
        created_at,
        answered_at,
        version,
        available_actions,
    }
}
