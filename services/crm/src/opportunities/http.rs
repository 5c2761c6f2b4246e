//! `/api/crm/v1/opportunities`: parse, ask, answer.
use super::{
    domain::Opportunity,
    register::{check_contact, register, won},
    store,
};
use crate::{
    accounts::domain::Account,
    pipelines::{self, domain::Pipeline},
    requirement_specs,
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, AccountPageQuery, OpportunityId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_opportunity)
        .service(list_opportunities)
        .service(get_opportunity)
        .service(update_opportunity)
        .service(advance_opportunity)
        .service(win_opportunity)
        .service(lose_opportunity)
        .service(invalidate_opportunity)
        .service(reopen_opportunity);
}

/// Register a chance to sell that did not come from a lead; it opens a case of its own.
#[utoipa::path(tag = "opportunity", responses((status = 201, description = "The opportunity, in the first stage", body = dto::Opportunity)))]
#[post("/opportunities")]
async fn create_opportunity(cx: Cx, body: Json<dto::NewOpportunity>) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let unknown = ApiError::field("/account_id", format!("there is no customer {}", new.account_id));
        let account: Account = tx.try_load(new.account_id).await?.ok_or(unknown)?;
        let stamp = tx.stamp();
        Ok(show(register(tx, new, &account, None, &stamp).await?, cx.caller()))
    })
    .await
}

/// Opportunities, newest first.
#[utoipa::path(tag = "opportunity", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::Opportunity>)))]
#[get("/opportunities")]
async fn list_opportunities(cx: Cx, query: Query<AccountPageQuery>) -> Reply<Page<dto::Opportunity>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One opportunity.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "The opportunity", body = dto::Opportunity)))]
#[get("/opportunities/{id}")]
async fn get_opportunity(cx: Cx, id: Path<OpportunityId>) -> Reply<dto::Opportunity> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change an open opportunity.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "The opportunity", body = dto::Opportunity)))]
#[patch("/opportunities/{id}")]
async fn update_opportunity(
    cx: Cx,
    id: Path<OpportunityId>,
    body: Json<dto::OpportunityPatch>,
) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        check_contact(tx, body.0.contact_id, opportunity.account_id).await?;
        Ok(show(tx.save(opportunity.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// On to the next stage, or to the named one; the exit criteria of every stage that is left must be met.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "In the later stage", body = dto::Opportunity)))]
#[post("/opportunities/{id}/advance")]
async fn advance_opportunity(
    cx: Cx,
    id: Path<OpportunityId>,
    body: Json<dto::AdvanceOpportunity>,
) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let pipeline = pipeline_of(tx, &opportunity).await?;
        let confirmed = requirement_specs::confirmed(tx.conn(), opportunity.id).await?;
        let to = body.0.to.as_ref().map(wire::Code::as_str);
        let change = opportunity.advance(&pipeline, to, confirmed, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// We have the deal; say why. A quote that the customer accepts wins it by itself.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "Won", body = dto::Opportunity)))]
#[post("/opportunities/{id}/win")]
async fn win_opportunity(cx: Cx, id: Path<OpportunityId>, body: Json<dto::Reason>) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let change = opportunity.win(body.0.reason.to_string(), None, &tx.stamp())?;
        Ok(show(won(tx, change).await?, cx.caller()))
    })
    .await
}

/// Someone else has the deal, or nobody; say why.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "Lost", body = dto::Opportunity)))]
#[post("/opportunities/{id}/lose")]
async fn lose_opportunity(cx: Cx, id: Path<OpportunityId>, body: Json<dto::Reason>) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let change = opportunity.lose(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It never was one; say why.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "Invalid", body = dto::Opportunity)))]
#[post("/opportunities/{id}/invalidate")]
async fn invalidate_opportunity(cx: Cx, id: Path<OpportunityId>, body: Json<dto::Reason>) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let change = opportunity.invalidate(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Open a closed one again, in the stage where it was; say why.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "Open", body = dto::Opportunity)))]
#[post("/opportunities/{id}/reopen")]
async fn reopen_opportunity(cx: Cx, id: Path<OpportunityId>, body: Json<dto::Reason>) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let pipeline = pipeline_of(tx, &opportunity).await?;
        Ok(show(tx.save(opportunity.reopen(&pipeline, body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// Read, not locked: every opportunity of the company stands in it.
async fn pipeline_of(tx: &mut Tx, opportunity: &Opportunity) -> Result<Pipeline> {
    let gone = || ApiError::internal("opportunities refer to pipelines, and none is ever deleted");
    pipelines::find(tx.conn(), opportunity.pipeline_id).await?.ok_or_else(gone)
}

fn show(opportunity: Opportunity, caller: &Caller) -> dto::Opportunity {
    let (available_actions, money) = (opportunity.available_actions(caller), opportunity.money());
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Opportunity {
        id,
        number,
        status,
        case_id,
        account_id,
        account_name,
        contact_id,
        lead_id,
        name,
        need,
        source,
        amount: _,
        currency: _,
        expected_close,
        pipeline_id,
        stage,
        probability,
        stage_history,
        reason,
        quote_id,
        external_refs,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        closed_at,
        version,
        is_new_business,
    } = opportunity;
    let (stage_history, external_refs) = (stage_history.0, external_refs.0);
    dto::Opportunity {
        id,
        number,
        status,
        case_id,
        account_id,
        account_name,
        contact_id,
        lead_id,
        name,
        need,
        source,
        amount: money,
        expected_close,
        pipeline_id,
        stage,
        probability,
        stage_history,
        reason,
        quote_id,
        external_refs,
        owner_id,
        created_at,
        closed_at,
        version,
        is_new_business,
        available_actions,
    }
}
