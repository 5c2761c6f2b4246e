//! `/api/crm/v1/inquiries`: parse, ask, answer.
use super::{convert::convert, domain::Inquiry, store};
use crate::links;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, InquiryId, InquiryQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_inquiry)
        .service(list_inquiries)
        .service(get_inquiry)
        .service(list_inquiry_clarifications)
        .service(respond_inquiry)
        .service(ask_inquiry)
        .service(answer_inquiry)
        .service(convert_inquiry)
        .service(close_inquiry);
}

/// Take an inquiry in; the first answer is due four working hours later.
#[utoipa::path(tag = "inquiry", responses((status = 201, description = "The inquiry", body = dto::Inquiry)))]
#[post("/inquiries")]
async fn create_inquiry(cx: Cx, body: Json<dto::NewInquiry>) -> Reply<dto::Inquiry> {
    cx.command(StatusCode::CREATED, async |tx| {
        if let Some(account) = body.0.account_id {
            links::named(tx, cx.caller(), "account", account.into(), "/account_id").await?;
        }
        let number = tx.next_number("inquiry").await?;
        let change = Inquiry::receive(tx.id(), number, body.0.clone(), &tx.stamp());
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Inquiries, newest first.
#[utoipa::path(tag = "inquiry", params(InquiryQuery), responses((status = 200, description = "A page", body = Page<dto::Inquiry>)))]
#[get("/inquiries")]
async fn list_inquiries(cx: Cx, query: Query<InquiryQuery>) -> Reply<Page<dto::Inquiry>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One inquiry.
#[utoipa::path(tag = "inquiry", responses((status = 200, description = "The inquiry", body = dto::Inquiry)))]
#[get("/inquiries/{id}")]
async fn get_inquiry(cx: Cx, id: Path<InquiryId>) -> Reply<dto::Inquiry> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// The supplementary questions and their answers, in the order in which they were asked.
#[utoipa::path(tag = "inquiry", responses((status = 200, description = "All of them", body = Vec<dto::InquiryClarification>)))]
#[get("/inquiries/{id}/clarifications")]
async fn list_inquiry_clarifications(cx: Cx, id: Path<InquiryId>) -> Reply<Vec<dto::InquiryClarification>> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.clarifications.0)).await
}

/// Record the first answer.
#[utoipa::path(tag = "inquiry", responses((status = 200, description = "Responded", body = dto::Inquiry)))]
#[post("/inquiries/{id}/respond")]
async fn respond_inquiry(cx: Cx, id: Path<InquiryId>, body: Json<dto::RespondInquiry>) -> Reply<dto::Inquiry> {
    cx.command(StatusCode::OK, async |tx| {
        let inquiry: Inquiry = tx.open(*id).await?;
        let change = inquiry.respond(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask whoever asks a supplementary question.
#[utoipa::path(tag = "inquiry", responses((status = 200, description = "With the question", body = dto::Inquiry)))]
#[post("/inquiries/{id}/ask")]
async fn ask_inquiry(cx: Cx, id: Path<InquiryId>, body: Json<dto::AskInquiry>) -> Reply<dto::Inquiry> {
    cx.command(StatusCode::OK, async |tx| {
        let inquiry: Inquiry = tx.open(*id).await?;
        let change = inquiry.ask(tx.id(), body.0.question.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record the answer to a supplementary question.
#[utoipa::path(tag = "inquiry", responses((status = 200, description = "With the answer", body = dto::Inquiry)))]
#[post("/inquiries/{id}/answer")]
async fn answer_inquiry(cx: Cx, id: Path<InquiryId>, body: Json<dto::AnswerInquiry>) -> Reply<dto::Inquiry> {
    cx.command(StatusCode::OK, async |tx| {
        let inquiry: Inquiry = tx.open(*id).await?;
        let change = inquiry.answer(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Make a lead or an opportunity of it, or name the ticket that it became; whoever does may make such a thing.
#[utoipa::path(tag = "inquiry", responses((status = 200, description = "Converted", body = dto::Inquiry)))]
#[post("/inquiries/{id}/convert")]
async fn convert_inquiry(cx: Cx, id: Path<InquiryId>, body: Json<dto::ConvertInquiry>) -> Reply<dto::Inquiry> {
    cx.command(StatusCode::OK, async |tx| {
        let inquiry: Inquiry = tx.open(*id).await?;
        Ok(show(convert(tx, cx.caller(), inquiry, body.0.clone()).await?, cx.caller()))
    })
    .await
}

/// Nothing comes of it; say why.
#[utoipa::path(tag = "inquiry", responses((status = 200, description = "Closed", body = dto::Inquiry)))]
#[post("/inquiries/{id}/close")]
async fn close_inquiry(cx: Cx, id: Path<InquiryId>, body: Json<dto::Reason>) -> Reply<dto::Inquiry> {
    cx.command(StatusCode::OK, async |tx| {
        let inquiry: Inquiry = tx.open(*id).await?;
        let change = inquiry.close(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(inquiry: Inquiry, caller: &Caller) -> dto::Inquiry {
    let (available_actions, late) = (inquiry.available_actions(caller), inquiry.late());
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Inquiry {
        id,
        number,
        status,
        channel,
        name,
        contact_name,
        contact_phone,
        contact_email,
        account_id,
        text,
        first_response_due_at,
        calendar_id,
        response,
        clarifications,
        converted_to,
        target_id,
        case_id,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        ended_at,
        version,
    } = inquiry;
    dto::Inquiry {
        id,
        number,
        status,
        channel,
        name,
        contact_name,
        contact_phone,
        contact_email,
        account_id,
        text,
        first_response_due_at,
        calendar_id,
        response: response.map(|kept| kept.0),
        late,
        clarifications: clarifications.0,
        converted_to,
        target_id,
        case_id,
        reason,
        owner_id,
        created_at,
        ended_at,
        version,
        available_actions,
    }
}
