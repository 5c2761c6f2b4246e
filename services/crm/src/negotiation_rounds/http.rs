//! `/api/crm/v1/negotiation-rounds`: parse, ask, answer.
use super::{domain::NegotiationRound, store};
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
    crm::{self as dto, NegotiationRoundId, OpportunityPageQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_negotiation_round)
        .service(list_negotiation_rounds)
        .service(get_negotiation_round)
        .service(update_negotiation_round)
        .service(agree_negotiation_round)
        .service(fail_negotiation_round);
}

/// Begin the next round about an open opportunity; the one before must have ended.
#[utoipa::path(tag = "negotiation_round", responses((status = 201, description = "The round", body = dto::NegotiationRound)))]
#[post("/negotiation-rounds")]
async fn create_negotiation_round(cx: Cx, body: Json<dto::NewNegotiationRound>) -> Reply<dto::NegotiationRound> {
    cx.command(StatusCode::CREATED, async |tx| {
        let opportunity = opportunities::named_open(tx, &cx, body.0.opportunity_id).await?;
        let last = store::last(tx.conn(), opportunity.id).await?;
        let change = NegotiationRound::begin(tx.id(), body.0.clone(), last.as_ref(), &opportunity, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Rounds, newest first.
#[utoipa::path(tag = "negotiation_round", params(OpportunityPageQuery), responses((status = 200, description = "A page", body = Page<dto::NegotiationRound>)))]
#[get("/negotiation-rounds")]
async fn list_negotiation_rounds(cx: Cx, query: Query<OpportunityPageQuery>) -> Reply<Page<dto::NegotiationRound>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One round.
#[utoipa::path(tag = "negotiation_round", responses((status = 200, description = "The round", body = dto::NegotiationRound)))]
#[get("/negotiation-rounds/{id}")]
async fn get_negotiation_round(cx: Cx, id: Path<NegotiationRoundId>) -> Reply<dto::NegotiationRound> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Write down where both sides stand now.
#[utoipa::path(tag = "negotiation_round", responses((status = 200, description = "The round", body = dto::NegotiationRound)))]
#[patch("/negotiation-rounds/{id}")]
async fn update_negotiation_round(
    cx: Cx,
    id: Path<NegotiationRoundId>,
    body: Json<dto::NegotiationRoundPatch>,
) -> Reply<dto::NegotiationRound> {
    cx.command(StatusCode::OK, async |tx| {
        let round: NegotiationRound = tx.open(*id).await?;
        Ok(show(tx.save(round.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Both sides agree; every one of the five terms must have an agreed position.
#[utoipa::path(tag = "negotiation_round", responses((status = 200, description = "Agreed", body = dto::NegotiationRound)))]
#[post("/negotiation-rounds/{id}/agree")]
async fn agree_negotiation_round(
    cx: Cx,
    id: Path<NegotiationRoundId>,
    body: Json<dto::AgreeNegotiationRound>,
) -> Reply<dto::NegotiationRound> {
    cx.command(StatusCode::OK, async |tx| {
        let round: NegotiationRound = tx.open(*id).await?;
        let change = round.agree(body.0.evidence.clone(), &tx.stamp())?;
        let round = tx.save(change).await?;
        opportunities::keep_evidence(tx, &body.0.evidence, &round).await?;
        Ok(show(round, cx.caller()))
    })
    .await
}

/// The round came to nothing; say why.
#[utoipa::path(tag = "negotiation_round", responses((status = 200, description = "Failed", body = dto::NegotiationRound)))]
#[post("/negotiation-rounds/{id}/fail")]
async fn fail_negotiation_round(
    cx: Cx,
    id: Path<NegotiationRoundId>,
    body: Json<dto::Reason>,
) -> Reply<dto::NegotiationRound> {
    cx.command(StatusCode::OK, async |tx| {
        let round: NegotiationRound = tx.open(*id).await?;
        let change = round.fail(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(round: NegotiationRound, caller: &Caller) -> dto::NegotiationRound {
    let available_actions = round.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let NegotiationRound {
        id,
        status,
        case_id,
        opportunity_id,
        round,
        positions,
        note,
        reason,
        evidence,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        closed_at,
        version,
    } = round;
    dto::NegotiationRound {
        id,
        status,
        case_id,
        opportunity_id,
        round,
        positions: positions.0,
        note,
        reason,
        evidence: evidence.map(|kept| kept.0),
        owner_id,
        created_at,
        closed_at,
        version,
        available_actions,
    }
}
