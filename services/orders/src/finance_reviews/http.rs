//! `/api/orders/v1/finance-reviews`: parse, ask, answer.
use super::{domain::FinanceReview, store};
use crate::orders::order_of;
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
    orders::{self as dto, FinanceReviewId, OrderPartQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_finance_reviews)
        .service(get_finance_review)
        .service(complete_finance_review)
        .service(resubmit_finance_review);
}

/// Finance reviews, newest first.
#[utoipa::path(tag = "finance_review", params(OrderPartQuery), responses((status = 200, description = "A page", body = Page<dto::FinanceReview>)))]
#[get("/finance-reviews")]
async fn list_finance_reviews(cx: Cx, query: Query<OrderPartQuery>) -> Reply<Page<dto::FinanceReview>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |review| review.id.into(), |review| show(review, cx.caller())))
    })
    .await
}

/// One finance review.
#[utoipa::path(tag = "finance_review", responses((status = 200, description = "The review", body = dto::FinanceReview)))]
#[get("/finance-reviews/{id}")]
async fn get_finance_review(cx: Cx, id: Path<FinanceReviewId>) -> Reply<dto::FinanceReview> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Say that it can be invoiced, or what is to be adjusted.
#[utoipa::path(tag = "finance_review", responses((status = 200, description = "Done", body = dto::FinanceReview)))]
#[post("/finance-reviews/{id}/complete")]
async fn complete_finance_review(
    cx: Cx,
    id: Path<FinanceReviewId>,
    body: Json<dto::CompleteReview>,
) -> Reply<dto::FinanceReview> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<FinanceReview>(tx, *id, order).await?;
        let review: FinanceReview = tx.open(*id).await?;
        let review = tx.save(review.complete(body.0.clone(), &tx.stamp())?).await?;
        tx.save(order.reviewed(body.0.result)?).await?;
        Ok(show(review, cx.caller()))
    })
    .await
}

/// Lay it before finance again, after the prices were adjusted.
#[utoipa::path(tag = "finance_review", responses((status = 200, description = "Pending again", body = dto::FinanceReview)))]
#[post("/finance-reviews/{id}/resubmit")]
async fn resubmit_finance_review(cx: Cx, id: Path<FinanceReviewId>) -> Reply<dto::FinanceReview> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<FinanceReview>(tx, *id, order).await?;
        let review: FinanceReview = tx.open(*id).await?;
        let review = tx.save(review.resubmit(&order, &tx.stamp())?).await?;
        tx.save(order.resubmitted()?).await?;
        Ok(show(review, cx.caller()))
    })
    .await
}

fn show(review: FinanceReview, caller: &Caller) -> dto::FinanceReview {
    let available_actions = review.available_actions(caller);
    let FinanceReview {
        id,
        status,
        order_id,
        order_number,
        case_id,
        round,
        price_matches,
        findings,
        due_at,
        calendar_id,
        overdue_at,
        reviewed_by,
        reviewed_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = review;
    dto::FinanceReview {
        id,
        status,
        order_id,
        order_number,
        case_id,
        round,
        price_matches,
        findings: findings.0,
        due_at,
        calendar_id,
        overdue_at,
        reviewed_by,
        reviewed_at,
        created_at,
        version,
        available_actions,
    }
}
