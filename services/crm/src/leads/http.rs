//! `/api/crm/v1/leads`: parse, ask, answer.
use super::{
    convert::convert,
    domain::{Lead, LeadRule},
    intake, merge, pool,
    store::{self, Report},
};
use crate::{
    actions::{asking, refuse},
    lead_pool::{self, Holding},
    scoring_models::{
        self,
        domain::{ScoringModel, ScoringRule},
    },
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Conn, Cx, Entity, Json, Machine, Reply, Result, Sight};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Ownership, Page, PageQuery,
    crm::{self as dto, LeadId, LeadQuery, LeadStatus, OnDuplicate, PoolReason},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(match_lead)
        .service(list_pooled_leads)
        .service(create_lead)
        .service(list_leads)
        .service(get_lead)
        .service(update_lead)
        .service(screen_lead)
        .service(score_lead)
        .service(contact_lead)
        .service(qualify_lead)
        .service(convert_lead)
        .service(disqualify_lead)
        .service(pool_lead)
        .service(claim_lead)
        .service(merge_lead)
        .service(list_lead_holdings)
        .service(list_lead_reports);
}

/// Is someone known already, as a lead or a customer? Changes nothing. What is alike only in how the name sounds (`pinyin`:
/// Beijing Chenguang Pump for 北京晨光泵业) comes last, and keeps no lead from being taken in. Whose names the caller may not read has none here.
#[utoipa::path(tag = "lead", extensions(("x-pure" = json!(true))), responses((status = 200, description = "Those who may be the same, the best first", body = dto::LeadMatches)))]
#[post("/leads/match")]
async fn match_lead(cx: Cx, body: Json<dto::MatchLead>) -> Reply<dto::LeadMatches> {
    let caller = cx.caller();
    let (leads, accounts) = (caller.sight("crm.lead.read"), caller.sight("crm.account.read"));
    let sees = |kind, owner: &Ownership| {
        let sight = if kind == dto::CandidateKind::Lead { &leads } else { &accounts };
        sight.as_ref().is_some_and(|sight| sight.sees(Some(owner)))
    };
    cx.read(async |conn| Ok(dto::LeadMatches { candidates: store::candidates(conn, &body.0, true, sees).await? })).await
}

/// Take a lead in; 409 with the candidates where someone is known already, unless `on_duplicate` says what to do. With
/// `merge` the answer is 200 and may be the lead that was known, which keeps what this report says (`/leads/{id}/reports`).
#[utoipa::path(tag = "lead", responses((status = 200, description = "Merged, as asked for", body = dto::Lead), (status = 201, description = "The lead", body = dto::Lead)))]
#[post("/leads")]
async fn create_lead(cx: Cx, body: Json<dto::NewLead>) -> Reply<dto::Lead> {
    let status = if body.0.on_duplicate == OnDuplicate::Merge { StatusCode::OK } else { StatusCode::CREATED };
    cx.command(status, async |tx| Ok(show(intake::take_in(tx, body.0.clone(), cx.sight()).await?, cx.caller()))).await
}

/// Leads, newest first; `q` finds them by name, how it sounds, whom to ask there, phone, e-mail or number.
#[utoipa::path(tag = "lead", params(LeadQuery), responses((status = 200, description = "A page", body = Page<dto::Lead>)))]
#[get("/leads")]
async fn list_leads(cx: Cx, query: Query<LeadQuery>) -> Reply<Page<dto::Lead>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |lead| lead.id.into(), |lead| show(lead, cx.caller())))
    })
    .await
}

/// Leads that wait in the pool for someone who may claim them, newest first; `q` finds them as it does in `GET /leads`.
#[utoipa::path(tag = "lead", params(LeadQuery), responses((status = 200, description = "A page", body = Page<dto::Lead>)))]
#[get("/leads/pooled")]
async fn list_pooled_leads(cx: Cx, query: Query<LeadQuery>) -> Reply<Page<dto::Lead>> {
    let query = LeadQuery { status: Some(LeadStatus::Pooled.to_string()), ..query.into_inner() };
    let sight = claimable(cx.caller()).unwrap_or_else(|| cx.sight().clone());
    cx.read(async |conn| {
        let rows = store::list(conn, &query, &sight).await?;
        Ok(query.page().page(rows, |lead| lead.id.into(), |lead| show(lead, cx.caller())))
    })
    .await
}

/// One lead; pooled ones are seen by everyone who could claim them. Its actions also say where the pool's limits or the lack of a
/// scoring model are in the way, which those of lists do not.
#[utoipa::path(tag = "lead", responses((status = 200, description = "The lead", body = dto::Lead)))]
#[get("/leads/{id}")]
async fn get_lead(cx: Cx, id: Path<LeadId>) -> Reply<dto::Lead> {
    cx.read(async |conn| {
        let lead = store::find(conn, *id).await?;
        let lead = seen(&cx, *id, lead)?;
        let (name, outcome) = match lead.status {
            LeadStatus::Pooled => ("claim", pool::may_claim(conn, &lead, &asking(&cx)).await),
            _ => ("score", model(conn).await.map(drop)),
        };
        let mut shown = show(lead, cx.caller());
        refuse(&mut shown.available_actions, name, cx.caller(), outcome)?;
        Ok(shown)
    })
    .await
}

/// The model by which leads are rated now.
async fn model(conn: &mut Conn) -> Result<ScoringModel> {
    Ok(scoring_models::active(conn).await?.ok_or(ScoringRule::NoModel)?)
}

/// Those who may read it, and of a pooled one those who could claim it.
fn seen(cx: &Cx, id: LeadId, lead: Option<Lead>) -> Result<Lead> {
    let could_claim = |lead: &Lead| {
        lead.status == LeadStatus::Pooled
            && claimable(cx.caller()).is_some_and(|sight| sight.sees(lead.ownership().as_ref()))
    };
    match lead {
        Some(lead) if could_claim(&lead) => Ok(lead),
        lead => cx.visible(id, lead),
    }
}

fn claimable(caller: &Caller) -> Option<Sight> {
    caller.sight("crm.lead.claim")
}

/// Change a lead that is being worked on.
#[utoipa::path(tag = "lead", responses((status = 200, description = "The lead", body = dto::Lead)))]
#[patch("/leads/{id}")]
async fn update_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::LeadPatch>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        let change = lead.update(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Take the first look: pass with a class, or reject with a reason.
#[utoipa::path(tag = "lead", responses((status = 200, description = "Screened or disqualified", body = dto::Lead)))]
#[post("/leads/{id}/screen")]
async fn screen_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::ScreenLead>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        let change = lead.screen(body.0.clone(), &tx.stamp())?;
        let lead = tx.save(change).await?;
        if lead.status == LeadStatus::Disqualified {
            pool::close(tx, &lead, lead.reason.as_deref().unwrap_or_default()).await?;
        }
        Ok(show(lead, cx.caller()))
    })
    .await
}

/// Rate it by the active model; the answer explains the score criterion by criterion.
#[utoipa::path(tag = "lead", responses((status = 200, description = "Rated", body = dto::Lead)))]
#[post("/leads/{id}/score")]
async fn score_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::ScoreLead>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        let score = model(tx.conn()).await?.score(&body.0.ratings)?;
        Ok(show(tx.save(lead.score(score)?).await?, cx.caller()))
    })
    .await
}

/// Record a talk and what came of it.
#[utoipa::path(tag = "lead", responses((status = 200, description = "Contacted", body = dto::Lead)))]
#[post("/leads/{id}/contact")]
async fn contact_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::ContactLead>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        let change = lead.contact(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The need is clear and meant.
#[utoipa::path(tag = "lead", responses((status = 200, description = "Qualified", body = dto::Lead)))]
#[post("/leads/{id}/qualify")]
async fn qualify_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::QualifyLead>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        let change = lead.qualify(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Make customer, contact and opportunity of it, all at once; a converted lead answers with what it became.
#[utoipa::path(tag = "lead", responses((status = 200, description = "Converted", body = dto::Lead)))]
#[post("/leads/{id}/convert")]
async fn convert_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::ConvertLead>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        Ok(show(convert(tx, lead, body.0.clone()).await?, cx.caller()))
    })
    .await
}

/// Nothing will come of it; say why.
#[utoipa::path(tag = "lead", responses((status = 200, description = "Disqualified", body = dto::Lead)))]
#[post("/leads/{id}/disqualify")]
async fn disqualify_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::Reason>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        let lead = tx.save(lead.disqualify(body.0.reason.to_string())?).await?;
        pool::close(tx, &lead, body.0.reason.as_str()).await?;
        Ok(show(lead, cx.caller()))
    })
    .await
}

/// Give it to the department's pool; say why. Who held it until now stays to be seen (`/leads/{id}/holdings`).
#[utoipa::path(tag = "lead", responses((status = 200, description = "Pooled", body = dto::Lead)))]
#[post("/leads/{id}/pool")]
async fn pool_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::PoolLead>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        let dto::PoolLead { reason_code, reason } = body.0.clone();
        if reason_code == PoolReason::Idle {
            return Err(LeadRule::PoolReason.into());
        }
        Ok(show(pool::give_back(tx, lead, reason_code, reason.into_string()).await?, cx.caller()))
    })
    .await
}

/// Take it out of the pool: it is the caller's, and begins anew. The department's limits (`/lead-pool-rules`) say how many one may
/// hold and claim on a day, and when one may claim again what one gave back.
#[utoipa::path(tag = "lead", responses((status = 200, description = "The caller's", body = dto::Lead)))]
#[post("/leads/{id}/claim")]
async fn claim_lead(cx: Cx, id: Path<LeadId>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        let lead: Lead = tx.open(*id).await?;
        Ok(show(pool::claim(tx, lead).await?, cx.caller()))
    })
    .await
}

/// It is the same as another one: that takes over its talks, its references, its need and what it has not; this one is closed and
/// points there. The two deals are one from now on (`GET /cases/{case_id}` by either id).
#[utoipa::path(tag = "lead", responses((status = 200, description = "Merged", body = dto::Lead)))]
#[post("/leads/{id}/merge")]
async fn merge_lead(cx: Cx, id: Path<LeadId>, body: Json<dto::MergeLead>) -> Reply<dto::Lead> {
    cx.command(StatusCode::OK, async |tx| {
        Ok(show(merge::merge(tx, *id, body.0.clone(), cx.sight()).await?, cx.caller()))
    })
    .await
}

/// Who held it from when until when, and why no longer; the last first. Of a lead that never changed hands there is nothing.
#[utoipa::path(tag = "lead", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::LeadHolding>)))]
#[get("/leads/{id}/holdings")]
async fn list_lead_holdings(cx: Cx, id: Path<LeadId>, page: Query<PageQuery>) -> Reply<Page<dto::LeadHolding>> {
    cx.read(async |conn| {
        let lead = store::find(conn, *id).await?;
        let lead = seen(&cx, *id, lead)?;
        let rows = lead_pool::holdings_of(conn, lead.id, &page).await?;
        Ok(page.page(rows, |holding| holding.id.into(), show_holding))
    })
    .await
}

/// What further reports of it said (`on_duplicate`: `merge`), as they said it; the last first. Those of a lead that was merged are the
/// survivor's.
#[utoipa::path(tag = "lead", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::LeadReport>)))]
#[get("/leads/{id}/reports")]
async fn list_lead_reports(cx: Cx, id: Path<LeadId>, page: Query<PageQuery>) -> Reply<Page<dto::LeadReport>> {
    cx.read(async |conn| {
        let lead = store::find(conn, *id).await?;
        let lead = seen(&cx, *id, lead)?;
        let rows = store::reports_of(conn, lead.id, &page).await?;
        Ok(page.page(rows, |report| report.id.into(), show_report))
    })
    .await
}

fn show_report(report: Report) -> dto::LeadReport {
    let Report {
        id,
        lead_id,
        party_type,
        name,
        contact_name,
        contact_phone,
        contact_email,
        region,
        source,
        referrer_account_id,
        need,
        taken_by,
        taken_at,
    } = report;
    dto::LeadReport {
        id,
        lead_id,
        party_type,
        name,
        contact_name,
        contact_phone,
        contact_email,
        region,
        source,
        referrer_account_id,
        need,
        taken_by,
        taken_at,
    }
}

fn show_holding(holding: Holding) -> dto::LeadHolding {
    let Holding { id, lead_id, holder, since, claimed_on, until, reason_code, reason, ended_by } = holding;
    let claimed = claimed_on.is_some();
    dto::LeadHolding { id, lead_id, holder, since, claimed, until, reason_code, reason, ended_by }
}

fn show(lead: Lead, caller: &Caller) -> dto::Lead {
    let available_actions = lead.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Lead {
        id,
        number,
        status,
        case_id,
        party_type,
        name,
        name_key: _,
        contact_name,
        contact_phone,
        phone_key: _,
        contact_email,
        region,
        source,
        referrer_account_id,
        need,
        class,
        score,
        scoring_model_id: _,
        touches,
        reason,
        account_id,
        contact_id,
        opportunity_id,
        external_refs,
        merged_into_id,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        touched_at,
        warned_at,
        version,
    } = lead;
    let (score, touches, external_refs) = (score.map(|kept| kept.0), touches.0, external_refs.0);
    dto::Lead {
        id,
        number,
        status,
        case_id,
        party_type,
        name,
        contact_name,
        contact_phone,
        contact_email,
        region,
        source,
        referrer_account_id,
        need,
        class,
        score,
        touches,
        reason,
        account_id,
        contact_id,
        opportunity_id,
        external_refs,
        merged_into_id,
        owner_id,
        created_at,
        touched_at,
        warned_at,
        version,
        available_actions,
    }
}
