//! `/api/crm/v1/market-feedback`: parse, ask, answer.
use super::{domain::MarketFeedback, store};
use crate::accounts::domain::Account;
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
    crm::{self as dto, AccountPageQuery, MarketFeedbackId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_market_feedback)
        .service(list_market_feedback_items)
        .service(get_market_feedback)
        .service(triage_market_feedback)
        .service(use_market_feedback)
        .service(close_market_feedback);
}

/// Tell what was heard of the market; of a customer, only by those who may see it.
#[utoipa::path(tag = "market_feedback", responses((status = 201, description = "The feedback", body = dto::MarketFeedback)))]
#[post("/market-feedback")]
async fn create_market_feedback(cx: Cx, body: Json<dto::NewMarketFeedback>) -> Reply<dto::MarketFeedback> {
    cx.command(StatusCode::CREATED, async |tx| {
        if let Some(id) = body.0.account_id {
            let account: Option<Account> = tx.try_load(id).await?;
            let sight = cx.caller().sight("crm.account.read");
            let seen = account.filter(|account| sight.is_some_and(|sight| sight.sees(account.ownership().as_ref())));
            seen.ok_or_else(|| ApiError::absent("/account_id", "account", id))?;
        }
        let number = tx.next_number("market_feedback").await?;
        let change = MarketFeedback::draft(tx.id(), number, body.0.clone(), &tx.stamp());
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// What was heard, newest first.
#[utoipa::path(tag = "market_feedback", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::MarketFeedback>)))]
#[get("/market-feedback")]
async fn list_market_feedback_items(cx: Cx, query: Query<AccountPageQuery>) -> Reply<Page<dto::MarketFeedback>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One feedback.
#[utoipa::path(tag = "market_feedback", responses((status = 200, description = "The feedback", body = dto::MarketFeedback)))]
#[get("/market-feedback/{id}")]
async fn get_market_feedback(cx: Cx, id: Path<MarketFeedbackId>) -> Reply<dto::MarketFeedback> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Say who should do what with it.
#[utoipa::path(tag = "market_feedback", responses((status = 200, description = "Triaged", body = dto::MarketFeedback)))]
#[post("/market-feedback/{id}/triage")]
async fn triage_market_feedback(
    cx: Cx,
    id: Path<MarketFeedbackId>,
    body: Json<dto::MarketFeedbackWord>,
) -> Reply<dto::MarketFeedback> {
    cx.command(StatusCode::OK, async |tx| {
        let feedback: MarketFeedback = tx.open(*id).await?;
        let change = feedback.triage(body.0.note.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Something came of it; say what.
#[utoipa::path(tag = "market_feedback", responses((status = 200, description = "Used", body = dto::MarketFeedback)))]
#[post("/market-feedback/{id}/use")]
async fn use_market_feedback(
    cx: Cx,
    id: Path<MarketFeedbackId>,
    body: Json<dto::MarketFeedbackWord>,
) -> Reply<dto::MarketFeedback> {
    cx.command(StatusCode::OK, async |tx| {
        let feedback: MarketFeedback = tx.open(*id).await?;
        let change = feedback.put_to_use(body.0.note.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Nothing comes of it; say why.
#[utoipa::path(tag = "market_feedback", responses((status = 200, description = "Closed", body = dto::MarketFeedback)))]
#[post("/market-feedback/{id}/close")]
async fn close_market_feedback(
    cx: Cx,
    id: Path<MarketFeedbackId>,
    body: Json<dto::MarketFeedbackWord>,
) -> Reply<dto::MarketFeedback> {
    cx.command(StatusCode::OK, async |tx| {
        let feedback: MarketFeedback = tx.open(*id).await?;
        let change = feedback.close(body.0.note.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(feedback: MarketFeedback, caller: &Caller) -> dto::MarketFeedback {
    let available_actions = feedback.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let MarketFeedback {
        id,
        number,
        status,
        kind,
        title,
        text,
        account_id,
        triage,
        result,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = feedback;
    dto::MarketFeedback {
        id,
        number,
        status,
        kind,
        title,
        text,
        account_id,
        triage,
        result,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
