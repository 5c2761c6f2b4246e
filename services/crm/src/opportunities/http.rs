//! `/api/crm/v1/opportunities`: parse, ask, answer.
use super::{
    domain::{Intent, Opportunity},
    named::keep_evidence,
    register::{check_contact, register, won},
    rivals::Closing,
    store,
};
use crate::{
    accounts::domain::Account,
    actions::refuse,
    competitors::{self, domain::Competitor},
    opportunity_members,
    pipelines::{self, domain::Pipeline},
    requirement_specs,
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Conn, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, CompetitorId, OpportunityId, OpportunityQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_opportunity)
        .service(list_opportunities)
        .service(get_opportunity)
        .service(update_opportunity)
        .service(advance_opportunity)
        .service(mark_intent_opportunity)
        .service(list_opportunity_competitors)
        .service(name_competitor_opportunity)
        .service(drop_competitor_opportunity)
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
        let unknown = ApiError::absent("/account_id", "account", new.account_id);
        let account: Account = tx.try_load(new.account_id).await?.ok_or(unknown)?;
        let stamp = tx.stamp();
        Ok(show(register(tx, new, &account, None, &stamp).await?, cx.caller()))
    })
    .await
}

/// Opportunities, newest first.
#[utoipa::path(tag = "opportunity", params(OpportunityQuery), responses((status = 200, description = "A page", body = Page<dto::Opportunity>)))]
#[get("/opportunities")]
async fn list_opportunities(cx: Cx, query: Query<OpportunityQuery>) -> Reply<Page<dto::Opportunity>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One opportunity; open also to whoever has joined its team (CRM-20). Its actions also name the exit criteria that are not met,
/// which those of lists do not.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "The opportunity", body = dto::Opportunity)))]
#[get("/opportunities/{id}")]
async fn get_opportunity(cx: Cx, id: Path<OpportunityId>) -> Reply<dto::Opportunity> {
    cx.read(async |conn| {
        let opportunity = seen(conn, &cx, *id).await?;
        let pipeline = pipeline_of(conn, &opportunity).await?;
        let confirmed = requirement_specs::confirmed(conn, opportunity.id).await?;
        let goes_on = ["advance", "mark_intent"].map(|way| (way, opportunity.can_go_on(way, &pipeline, confirmed)));
        let mut shown = show(opportunity, cx.caller());
        for (action, outcome) in goes_on {
            refuse(&mut shown.available_actions, action, cx.caller(), outcome)?;
        }
        Ok(shown)
    })
    .await
}

/// Within the row scope, or of a team that the caller has joined.
async fn seen(conn: &mut Conn, cx: &Cx, id: OpportunityId) -> Result<Opportunity> {
    let found = store::find(conn, id).await?;
    match cx.visible(id, found.clone()) {
        Ok(opportunity) => Ok(opportunity),
        Err(absent) => {
            let joined = opportunity_members::has_joined(conn, id, &cx.caller().user).await?;
            found.filter(|_| joined).ok_or(absent)
        }
    }
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
        check_contact(tx, body.0.contact_id.new_value(), opportunity.account_id).await?;
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
        let pipeline = pipeline_of(tx.conn(), &opportunity).await?;
        let confirmed = requirement_specs::confirmed(tx.conn(), opportunity.id).await?;
        let to = body.0.to.as_ref().map(wire::Code::as_str);
        let change = opportunity.advance(&pipeline, to, confirmed, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Both sides mean it: note it with the evidence, a letter of intent for instance. In a pipeline with a stage `intent` the
/// opportunity goes there, if that is ahead and the stages on the way are finished.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "With the intent", body = dto::Opportunity)))]
#[post("/opportunities/{id}/mark-intent")]
async fn mark_intent_opportunity(
    cx: Cx,
    id: Path<OpportunityId>,
    body: Json<dto::MarkIntent>,
) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let pipeline = pipeline_of(tx.conn(), &opportunity).await?;
        let confirmed = requirement_specs::confirmed(tx.conn(), opportunity.id).await?;
        let change = opportunity.mark_intent(&pipeline, body.0.evidence.clone(), confirmed, &tx.stamp())?;
        let opportunity = tx.save(change).await?;
        keep_evidence(tx, &body.0.evidence, &opportunity).await?;
        Ok(show(opportunity, cx.caller()))
    })
    .await
}

/// Who else is after the deal, and when it is closed who got it.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "All of them", body = Vec<dto::OpportunityCompetitor>)))]
#[get("/opportunities/{id}/competitors")]
async fn list_opportunity_competitors(cx: Cx, id: Path<OpportunityId>) -> Reply<Vec<dto::OpportunityCompetitor>> {
    cx.read(async |conn| Ok(seen(conn, &cx, *id).await?.competitors.0)).await
}

/// Name a competitor who is after the deal, or say anew what is known of them in it.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "With the competitor", body = dto::Opportunity)))]
#[post("/opportunities/{id}/name-competitor")]
async fn name_competitor_opportunity(
    cx: Cx,
    id: Path<OpportunityId>,
    body: Json<dto::NameCompetitor>,
) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let competitor = competitor(tx, body.0.competitor_id).await?;
        let change = opportunity.name_competitor(&competitor, body.0.clone())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// A competitor is not after the deal.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "Without the competitor", body = dto::Opportunity)))]
#[post("/opportunities/{id}/drop-competitor")]
async fn drop_competitor_opportunity(
    cx: Cx,
    id: Path<OpportunityId>,
    body: Json<dto::DropCompetitor>,
) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let change = opportunity.drop_competitor(body.0.competitor_id)?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// We have the deal; say why, and against whom. A quote that the customer accepts wins it by itself.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "Won", body = dto::Opportunity)))]
#[post("/opportunities/{id}/win")]
async fn win_opportunity(
    cx: Cx,
    id: Path<OpportunityId>,
    body: Json<dto::CloseOpportunity>,
) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let why = closing(tx, &body.0).await?;
        let change = opportunity.win(why, None, &tx.stamp())?;
        Ok(show(won(tx, change).await?, cx.caller()))
    })
    .await
}

/// Someone else has the deal, or nobody; say why, and who.
#[utoipa::path(tag = "opportunity", responses((status = 200, description = "Lost", body = dto::Opportunity)))]
#[post("/opportunities/{id}/lose")]
async fn lose_opportunity(
    cx: Cx,
    id: Path<OpportunityId>,
    body: Json<dto::CloseOpportunity>,
) -> Reply<dto::Opportunity> {
    cx.command(StatusCode::OK, async |tx| {
        let opportunity: Opportunity = tx.open(*id).await?;
        let why = closing(tx, &body.0).await?;
        let change = opportunity.lose(why, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Why it ends, with the competitor looked up.
async fn closing(tx: &mut Tx, said: &dto::CloseOpportunity) -> Result<Closing> {
    let rival = match said.competitor_id {
        Some(id) => Some(competitor(tx, id).await?),
        None => None,
    };
    let rival = rival.map(|rival| (rival.id, rival.name));
    Ok(Closing { reason: said.reason.to_string(), code: said.reason_code, rival })
}

/// Read, not locked: many deals name the same one.
async fn competitor(tx: &mut Tx, id: CompetitorId) -> Result<Competitor> {
    let unknown = || ApiError::absent("/competitor_id", "competitor", id);
    competitors::find(tx.conn(), id).await?.ok_or_else(unknown)
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
        let pipeline = pipeline_of(tx.conn(), &opportunity).await?;
        Ok(show(tx.save(opportunity.reopen(&pipeline, body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// Read, not locked: every opportunity of the company stands in it.
async fn pipeline_of(conn: &mut Conn, opportunity: &Opportunity) -> Result<Pipeline> {
    let gone = || ApiError::internal("opportunities refer to pipelines, and none is ever deleted");
    pipelines::find(conn, opportunity.pipeline_id).await?.ok_or_else(gone)
}

fn show(opportunity: Opportunity, caller: &Caller) -> dto::Opportunity {
    let available_actions = opportunity.available_actions(caller);
    let money = opportunity.money();
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
        intent,
        competitors,
        reason_code,
        competitor_id,
        version,
        is_new_business,
    } = opportunity;
    let (intent_at, intent_evidence) = intent.map(|wire::json::Kept(Intent { at, evidence })| (at, evidence)).unzip();
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
        stage_history: stage_history.0,
        reason,
        quote_id,
        external_refs: external_refs.0,
        owner_id,
        created_at,
        closed_at,
        intent_at,
        intent_evidence,
        competitors: competitors.0,
        reason_code,
        competitor_id,
        version,
        is_new_business,
        available_actions,
    }
}
