//! `/api/contracts/v1/review-comments`: parse, ask, answer.
use super::{domain::ReviewComment, store};
use crate::contracts::domain::Contract;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    contracts::{self as dto, ContractId, ReviewCommentId},
    quoting::Reason,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_review_comment)
        .service(list_review_comments)
        .service(get_review_comment)
        .service(resolve_review_comment)
        .service(reopen_review_comment)
        .service(verify_review_comment);
}

/// Ask for a change in a contract under review.
#[utoipa::path(tag = "review_comment", responses((status = 201, description = "The comment", body = dto::ReviewComment)))]
#[post("/review-comments")]
async fn create_review_comment(cx: Cx, body: Json<dto::NewReviewComment>) -> Reply<dto::ReviewComment> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let contract = named_contract(&cx, tx, new.contract_id).await?;
        let change = ReviewComment::make(tx.id(), &contract, new, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// The contract that a body names, locked: 422 if there is none that the caller may see.
async fn named_contract(cx: &Cx, tx: &mut Tx, id: ContractId) -> Result<Contract> {
    let found: Option<Contract> = tx.try_load(id).await?;
    found
        .filter(|contract| cx.sight().sees(contract.ownership().as_ref()))
        .ok_or_else(|| ApiError::absent("/contract_id", "contract", id))
}

/// Comments, newest first.
#[utoipa::path(tag = "review_comment", params(dto::ReviewCommentQuery), responses((status = 200, description = "A page", body = Page<dto::ReviewComment>)))]
#[get("/review-comments")]
async fn list_review_comments(cx: Cx, query: Query<dto::ReviewCommentQuery>) -> Reply<Page<dto::ReviewComment>> {
    let page = query.page();
    let dto::ReviewCommentQuery { contract_id, .. } = query.into_inner();
    cx.read(async |conn| {
        let rows = store::list(conn, &page, contract_id, cx.sight()).await?;
        Ok(page.page(rows, |comment| comment.id.into(), |comment| show(comment, cx.caller())))
    })
    .await
}

/// One comment.
#[utoipa::path(tag = "review_comment", responses((status = 200, description = "The comment", body = dto::ReviewComment)))]
#[get("/review-comments/{id}")]
async fn get_review_comment(cx: Cx, id: Path<ReviewCommentId>) -> Reply<dto::ReviewComment> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Say what was done about it.
#[utoipa::path(tag = "review_comment", responses((status = 200, description = "Resolved", body = dto::ReviewComment)))]
#[post("/review-comments/{id}/resolve")]
async fn resolve_review_comment(
    cx: Cx,
    id: Path<ReviewCommentId>,
    body: Json<dto::ResolveComment>,
) -> Reply<dto::ReviewComment> {
    cx.command(StatusCode::OK, async |tx| {
        let comment: ReviewComment = tx.open(*id).await?;
        let change = comment.resolve(body.0.resolution.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Say that what was done is not enough.
#[utoipa::path(tag = "review_comment", responses((status = 200, description = "Open again", body = dto::ReviewComment)))]
#[post("/review-comments/{id}/reopen")]
async fn reopen_review_comment(cx: Cx, id: Path<ReviewCommentId>, body: Json<Reason>) -> Reply<dto::ReviewComment> {
    cx.command(StatusCode::OK, async |tx| {
        let comment: ReviewComment = tx.open(*id).await?;
        Ok(show(tx.save(comment.reopen(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// Say that what was done is enough.
#[utoipa::path(tag = "review_comment", responses((status = 200, description = "Verified", body = dto::ReviewComment)))]
#[post("/review-comments/{id}/verify")]
async fn verify_review_comment(cx: Cx, id: Path<ReviewCommentId>) -> Reply<dto::ReviewComment> {
    cx.command(StatusCode::OK, async |tx| {
        let comment: ReviewComment = tx.open(*id).await?;
        let change = comment.verify(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(comment: ReviewComment, caller: &Caller) -> dto::ReviewComment {
    let available_actions = comment.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let ReviewComment {
        id,
        contract_id,
        revision,
        case_id,
        clause,
        status,
        text,
        author,
        resolution,
        resolved_by,
        verified_by,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = comment;
    dto::ReviewComment {
        id,
        contract_id,
        revision,
        case_id,
        clause,
        status,
        text,
        author,
        resolution,
        resolved_by,
        verified_by,
        created_at,
        version,
        available_actions,
    }
}
