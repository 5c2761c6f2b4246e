//! `/api/crm/v1/requirement-specs`: parse, ask, answer.
use super::{
    cover,
    domain::{RequirementSpec, SpecRule},
    store,
    traces::{Told, coverage},
};
use crate::{actions::refuse, opportunities};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Conn, Cx, Json, Machine, Reply, Result};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, AccountPageQuery, CoverageQuery, RequirementSpecId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_requirement_spec)
        .service(list_requirement_specs)
        .service(get_requirement_spec)
        .service(list_requirement_spec_clarifications)
        .service(update_requirement_spec)
        .service(submit_requirement_spec)
        .service(clarify_requirement_spec)
        .service(answer_requirement_spec)
        .service(request_change_requirement_spec)
        .service(confirm_requirement_spec)
        .service(revise_requirement_spec)
        .service(list_requirement_spec_coverage)
        .service(trace_requirement_spec)
        .service(untrace_requirement_spec);
}

/// Draft what the customer of an open opportunity needs.
#[utoipa::path(tag = "requirement_spec", responses((status = 201, description = "The draft", body = dto::RequirementSpec)))]
#[post("/requirement-specs")]
async fn create_requirement_spec(cx: Cx, body: Json<dto::NewRequirementSpec>) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let opportunity = opportunities::named(tx, &cx, new.opportunity_id).await?;
        let number = tx.next_number("requirement_spec").await?;
        let change = RequirementSpec::draft(tx.id(), number, new, &opportunity, || tx.id(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Specifications, newest first.
#[utoipa::path(tag = "requirement_spec", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::RequirementSpec>)))]
#[get("/requirement-specs")]
async fn list_requirement_specs(cx: Cx, query: Query<AccountPageQuery>) -> Reply<Page<dto::RequirementSpec>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |spec| spec.id.into(), |spec| show(spec, cx.caller())))
    })
    .await
}

/// One specification; its actions also say where another revision is being worked on, which those of lists do not.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "The specification", body = dto::RequirementSpec)))]
#[get("/requirement-specs/{id}")]
async fn get_requirement_spec(cx: Cx, id: Path<RequirementSpecId>) -> Reply<dto::RequirementSpec> {
    cx.read(async |conn| {
        let spec = cx.visible(*id, store::find(conn, *id).await?)?;
        let free = no_other_revision(conn, &spec.number).await;
        let mut shown = show(spec, cx.caller());
        refuse(&mut shown.available_actions, "revise", cx.caller(), free)?;
        Ok(shown)
    })
    .await
}

/// One revision at a time is worked on.
async fn no_other_revision(conn: &mut Conn, number: &str) -> Result<()> {
    if store::in_work(conn, number).await? { Err(SpecRule::Revision.into()) } else { Ok(()) }
}

/// The questions about it and their answers, in the order in which they were asked.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "All of them", body = Vec<dto::Clarification>)))]
#[get("/requirement-specs/{id}/clarifications")]
async fn list_requirement_spec_clarifications(cx: Cx, id: Path<RequirementSpecId>) -> Reply<Vec<dto::Clarification>> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.clarifications.0)).await
}

/// Change a draft, or one that is being clarified.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "The specification", body = dto::RequirementSpec)))]
#[patch("/requirement-specs/{id}")]
async fn update_requirement_spec(
    cx: Cx,
    id: Path<RequirementSpecId>,
    body: Json<dto::RequirementSpecPatch>,
) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        let change = spec.update(body.0.clone(), || tx.id())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Send it to the customer, for the first time or again; every question must have its answer.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "With the customer", body = dto::RequirementSpec)))]
#[post("/requirement-specs/{id}/submit")]
async fn submit_requirement_spec(cx: Cx, id: Path<RequirementSpecId>) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        let change = spec.submit(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask a question about it, with the answer if that is known already; it is with us again.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "Being clarified", body = dto::RequirementSpec)))]
#[post("/requirement-specs/{id}/clarify")]
async fn clarify_requirement_spec(
    cx: Cx,
    id: Path<RequirementSpecId>,
    body: Json<dto::ClarifyRequirementSpec>,
) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        let change = spec.clarify(tx.id(), body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Answer an open question.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "Being clarified", body = dto::RequirementSpec)))]
#[post("/requirement-specs/{id}/answer")]
async fn answer_requirement_spec(
    cx: Cx,
    id: Path<RequirementSpecId>,
    body: Json<dto::AnswerClarification>,
) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        let change = spec.answer(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The customer wants it otherwise; say what.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "Being clarified", body = dto::RequirementSpec)))]
#[post("/requirement-specs/{id}/request-change")]
async fn request_change_requirement_spec(
    cx: Cx,
    id: Path<RequirementSpecId>,
    body: Json<dto::Reason>,
) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        Ok(show(tx.save(spec.request_change(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// Record the customer's yes, with the evidence of it; the revision before steps aside.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "Confirmed", body = dto::RequirementSpec)))]
#[post("/requirement-specs/{id}/confirm")]
async fn confirm_requirement_spec(
    cx: Cx,
    id: Path<RequirementSpecId>,
    body: Json<dto::ConfirmRequirementSpec>,
) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        let change = spec.confirm(body.0.evidence.clone(), &tx.stamp())?;
        if let Some(before) = change.after().supersedes_id {
            let before: RequirementSpec = tx.load(before).await?;
            tx.save(before.supersede()?).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Draft the next revision of a confirmed one; the answer is the draft.
#[utoipa::path(tag = "requirement_spec", responses((status = 201, description = "The draft", body = dto::RequirementSpec)))]
#[post("/requirement-specs/{id}/revise")]
async fn revise_requirement_spec(cx: Cx, id: Path<RequirementSpecId>) -> Reply<dto::RequirementSpec> {
    cx.command(StatusCode::CREATED, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        let change = spec.revise(tx.id(), &tx.stamp())?;
        no_other_revision(tx.conn(), &spec.number).await?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// By what each of its items is covered: by solution, quote, contract, deliverable, acceptance; or what is not.
#[utoipa::path(tag = "requirement_spec", params(CoverageQuery), responses((status = 200, description = "Item by item", body = Vec<dto::ItemCoverage>)))]
#[get("/requirement-specs/{id}/coverage")]
async fn list_requirement_spec_coverage(
    cx: Cx,
    id: Path<RequirementSpecId>,
    query: Query<CoverageQuery>,
) -> Reply<Vec<dto::ItemCoverage>> {
    cx.read(async |conn| {
        let spec = cx.visible(*id, store::find(conn, *id).await?)?;
        Ok(coverage(&spec.items.0, &store::traces(conn, spec.id).await?, &query))
    })
    .await
}

/// Say which items a document covers, and which need not be covered for it; what was said of it before goes.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "Item by item", body = Vec<dto::ItemCoverage>)))]
#[post("/requirement-specs/{id}/trace")]
async fn trace_requirement_spec(
    cx: Cx,
    id: Path<RequirementSpecId>,
    body: Json<dto::TraceRequirementSpec>,
) -> Reply<Vec<dto::ItemCoverage>> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        spec.may("trace")?;
        let told = Told::by_hand(body.0.clone(), &spec)?;
        cover::write(tx, &spec, &told).await?;
        Ok(coverage(&spec.items.0, &store::traces(tx.conn(), spec.id).await?, &CoverageQuery::default()))
    })
    .await
}

/// A document covers nothing any more.
#[utoipa::path(tag = "requirement_spec", responses((status = 200, description = "Item by item", body = Vec<dto::ItemCoverage>)))]
#[post("/requirement-specs/{id}/untrace")]
async fn untrace_requirement_spec(
    cx: Cx,
    id: Path<RequirementSpecId>,
    body: Json<dto::UntraceRequirementSpec>,
) -> Reply<Vec<dto::ItemCoverage>> {
    cx.command(StatusCode::OK, async |tx| {
        let spec: RequirementSpec = tx.open(*id).await?;
        spec.may("untrace")?;
        cover::write(tx, &spec, &Told::nothing(body.0.kind, body.0.subject_id)).await?;
        Ok(coverage(&spec.items.0, &store::traces(tx.conn(), spec.id).await?, &CoverageQuery::default()))
    })
    .await
}

fn show(spec: RequirementSpec, caller: &Caller) -> dto::RequirementSpec {
    let available_actions = spec.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let RequirementSpec {
        id,
        number,
        revision,
        status,
        case_id,
        opportunity_id,
        account_id,
        title,
        items,
        clarifications,
        loop_count,
        reason,
        evidence,
        supersedes_id,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        submitted_at,
        confirmed_at,
        version,
    } = spec;
    let (items, clarifications, evidence) = (items.0, clarifications.0, evidence.map(|kept| kept.0));
    dto::RequirementSpec {
        id,
        number,
        revision,
        status,
        case_id,
        opportunity_id,
        account_id,
        title,
        items,
        clarifications,
        loop_count,
        reason,
        evidence,
        supersedes_id,
        owner_id,
        created_at,
        submitted_at,
        confirmed_at,
        version,
        available_actions,
    }
}
