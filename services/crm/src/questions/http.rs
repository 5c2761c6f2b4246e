//! `/api/crm/v1/questions`: parse, ask, answer.
use super::{domain::Question, store};
use crate::opportunities;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Cx, Json, Machine, Reply, calendar::Calendar};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Day, Page,
    crm::{self as dto, CustomerQuestionQuery, QuestionId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_question)
        .service(list_questions)
        .service(get_question)
        .service(update_question)
        .service(answer_question)
        .service(accept_question)
        .service(reopen_question);
}

/// Note what the customer of an open opportunity doubts, and until when they are to be told.
#[utoipa::path(tag = "question", responses((status = 201, description = "The question", body = dto::CustomerQuestion)))]
#[post("/questions")]
async fn create_question(cx: Cx, body: Json<dto::NewCustomerQuestion>) -> Reply<dto::CustomerQuestion> {
    cx.command(StatusCode::CREATED, async |tx| {
        let opportunity = opportunities::named_open(tx, &cx, body.0.opportunity_id).await?;
        let change = Question::ask(tx.id(), body.0.clone(), &opportunity, &tx.stamp())?;
        Ok(show(tx.create(change).await?, &cx))
    })
    .await
}

/// Customers' questions, newest first.
#[utoipa::path(tag = "question", params(CustomerQuestionQuery), responses((status = 200, description = "A page", body = Page<dto::CustomerQuestion>)))]
#[get("/questions")]
async fn list_questions(cx: Cx, query: Query<CustomerQuestionQuery>) -> Reply<Page<dto::CustomerQuestion>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, today(&cx), cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, &cx)))
    })
    .await
}

/// One question.
#[utoipa::path(tag = "question", responses((status = 200, description = "The question", body = dto::CustomerQuestion)))]
#[get("/questions/{id}")]
async fn get_question(cx: Cx, id: Path<QuestionId>) -> Reply<dto::CustomerQuestion> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, &cx))).await
}

/// Change a question that waits for its answer.
#[utoipa::path(tag = "question", responses((status = 200, description = "The question", body = dto::CustomerQuestion)))]
#[patch("/questions/{id}")]
async fn update_question(
    cx: Cx,
    id: Path<QuestionId>,
    body: Json<dto::CustomerQuestionPatch>,
) -> Reply<dto::CustomerQuestion> {
    cx.command(StatusCode::OK, async |tx| {
        let question: Question = tx.open(*id).await?;
        let change = question.update(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Tell the customer.
#[utoipa::path(tag = "question", responses((status = 200, description = "Answered", body = dto::CustomerQuestion)))]
#[post("/questions/{id}/answer")]
async fn answer_question(
    cx: Cx,
    id: Path<QuestionId>,
    body: Json<dto::AnswerCustomerQuestion>,
) -> Reply<dto::CustomerQuestion> {
    cx.command(StatusCode::OK, async |tx| {
        let question: Question = tx.open(*id).await?;
        let change = question.answer(body.0.answer.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Record that the customer is content with the answer, with the evidence of it.
#[utoipa::path(tag = "question", responses((status = 200, description = "Accepted", body = dto::CustomerQuestion)))]
#[post("/questions/{id}/accept")]
async fn accept_question(
    cx: Cx,
    id: Path<QuestionId>,
    body: Json<dto::AcceptCustomerQuestion>,
) -> Reply<dto::CustomerQuestion> {
    cx.command(StatusCode::OK, async |tx| {
        let question: Question = tx.open(*id).await?;
        let question = tx.save(question.accept(body.0.evidence.clone(), &tx.stamp())?).await?;
        opportunities::keep_evidence(tx, &body.0.evidence, &question).await?;
        Ok(show(question, &cx))
    })
    .await
}

/// The answer does not do; say why, and until when there will be a better one.
#[utoipa::path(tag = "question", responses((status = 200, description = "Waiting again", body = dto::CustomerQuestion)))]
#[post("/questions/{id}/reopen")]
async fn reopen_question(
    cx: Cx,
    id: Path<QuestionId>,
    body: Json<dto::ReopenCustomerQuestion>,
) -> Reply<dto::CustomerQuestion> {
    cx.command(StatusCode::OK, async |tx| {
        let question: Question = tx.open(*id).await?;
        let change = question.reopen(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

fn today(cx: &Cx) -> Day {
    Calendar::china().day(cx.app().clock.now())
}

fn show(question: Question, cx: &Cx) -> dto::CustomerQuestion {
    let (available_actions, overdue) = (question.available_actions(cx.caller()), question.overdue(today(cx)));
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Question {
        id,
        status,
        case_id,
        opportunity_id,
        text,
        asked_by,
        due_on,
        answer,
        answered_by,
        answered_at,
        reopened,
        reason,
        evidence,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = question;
    dto::CustomerQuestion {
        id,
        status,
        case_id,
        opportunity_id,
        text,
        asked_by,
        due_on,
        overdue,
        answer,
        answered_by,
        answered_at,
        reopened,
        reason,
        evidence: evidence.map(|kept| kept.0),
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
