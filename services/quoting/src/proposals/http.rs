//! `/api/quoting/v1/proposals`: parse, ask, answer.
use super::{
    bundle,
    document::{Reading, Standing, document},
    domain::{Bundle, MOST_VARIANTS, Proposal},
    pdf, store,
};
use crate::{
    customers,
    quotes::{self, domain::Quote},
    solutions::{self, domain::Solution},
};
use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    attachment::FileBytes,
    quoting::{self as dto, ProposalId, ProposalQuery, ProposalVariant, QuoteId, SolutionId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_proposal)
        .service(list_proposals)
        .service(get_proposal)
        .service(print_proposal)
        .service(list_proposal_questions)
        .service(update_proposal)
        .service(submit_proposal)
        .service(ask_proposal)
        .service(answer_proposal)
        .service(accept_answer_proposal)
        .service(accept_proposal)
        .service(decline_proposal);
}

/// Bundle an approved solution with quotes of the same deal.
#[utoipa::path(tag = "proposal", responses((status = 201, description = "The draft", body = dto::Proposal)))]
#[post("/proposals")]
async fn create_proposal(cx: Cx, body: Json<dto::NewProposal>) -> Reply<dto::Proposal> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let (solution, quotes) = named(tx, &cx, new.solution_id, &new.variants).await?;
        customers::alive(tx, solution.account_id, "/solution_id").await?;
        let number = tx.next_number("proposal").await?;
        let bundle = Bundle { solution: &solution, quotes: &quotes };
        let change = Proposal::draft(tx.id(), number, new, bundle, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Proposals, newest first.
#[utoipa::path(tag = "proposal", params(ProposalQuery), responses((status = 200, description = "A page", body = Page<dto::Proposal>)))]
#[get("/proposals")]
async fn list_proposals(cx: Cx, query: Query<ProposalQuery>) -> Reply<Page<dto::Proposal>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |proposal| proposal.id.into(), |proposal| show(proposal, cx.caller())))
    })
    .await
}

/// One proposal.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "The proposal", body = dto::Proposal)))]
#[get("/proposals/{id}")]
async fn get_proposal(cx: Cx, id: Path<ProposalId>) -> Reply<dto::Proposal> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// The proposal as a PDF, in the language of `language` or else of the reader; what the customer does not have, or what is no longer
/// valid, says so.
#[utoipa::path(tag = "proposal", params(dto::PrintQuery), responses((status = 200, description = "The document", content((FileBytes = "application/pdf")))))]
#[get("/proposals/{id}/pdf")]
async fn print_proposal(cx: Cx, id: Path<ProposalId>, query: Query<dto::PrintQuery>) -> Result<HttpResponse> {
    let (language, today) = (pdf::language(&query, cx.caller()), pdf::today(&cx));
    let sheet = cx.look(async |conn| {
        let proposal = cx.visible(*id, store::find(conn, *id).await?)?;
        let (solution, quotes) = bundle::contents(conn, &proposal).await?;
        let standing = Standing::of(&proposal, &quotes, today);
        let reading = Reading { contact: None, language, today };
        pdf::sheet(conn, proposal.account_id, document(&proposal, Some(&solution), &quotes, reading), standing).await
    });
    pdf::answer(&cx, sheet.await?).await
}

/// The customer's questions about it and their answers, in the order in which they were asked.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "All of them", body = Vec<dto::ProposalQuestion>)))]
#[get("/proposals/{id}/questions")]
async fn list_proposal_questions(cx: Cx, id: Path<ProposalId>) -> Reply<Vec<dto::ProposalQuestion>> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.questions.0)).await
}

/// Change a draft, or one that is being clarified.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "The proposal", body = dto::Proposal)))]
#[patch("/proposals/{id}")]
async fn update_proposal(cx: Cx, id: Path<ProposalId>, body: Json<dto::ProposalPatch>) -> Reply<dto::Proposal> {
    cx.command(StatusCode::OK, async |tx| {
        let before: Proposal = tx.open(*id).await?;
        let patch = body.0.clone();
        let change = if patch.solution_id.is_none() && patch.variants.is_none() {
            before.update(patch, None)?
        } else {
            let variants = patch.variants.as_ref().unwrap_or(&before.variants.0);
            let (solution, quotes) = named(tx, &cx, patch.solution_id.unwrap_or(before.solution_id), variants).await?;
            before.update(patch, Some(Bundle { solution: &solution, quotes: &quotes }))?
        };
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Submit the solution and all quotes to the customer together, for the first time or again; every question must have its answer.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "With the customer", body = dto::Proposal)))]
#[post("/proposals/{id}/submit")]
async fn submit_proposal(cx: Cx, id: Path<ProposalId>) -> Reply<dto::Proposal> {
    cx.command(StatusCode::OK, async |tx| {
        let proposal: Proposal = tx.open(*id).await?;
        Ok(show(bundle::submit(tx, proposal).await?, cx.caller()))
    })
    .await
}

/// Put down a question of the customer's; it is being clarified.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "Being clarified", body = dto::Proposal)))]
#[post("/proposals/{id}/ask")]
async fn ask_proposal(cx: Cx, id: Path<ProposalId>, body: Json<dto::AskProposal>) -> Reply<dto::Proposal> {
    cx.command(StatusCode::OK, async |tx| {
        let proposal: Proposal = tx.open(*id).await?;
        let change = proposal.ask(tx.id(), body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Answer an open question; the customer reads the answer.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "Being clarified", body = dto::Proposal)))]
#[post("/proposals/{id}/answer")]
async fn answer_proposal(cx: Cx, id: Path<ProposalId>, body: Json<dto::AnswerProposal>) -> Reply<dto::Proposal> {
    cx.command(StatusCode::OK, async |tx| {
        let proposal: Proposal = tx.open(*id).await?;
        let change = proposal.answer(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record that the customer is content with an answer.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "The proposal", body = dto::Proposal)))]
#[post("/proposals/{id}/accept-answer")]
async fn accept_answer_proposal(
    cx: Cx,
    id: Path<ProposalId>,
    body: Json<dto::AcceptProposalAnswer>,
) -> Reply<dto::Proposal> {
    cx.command(StatusCode::OK, async |tx| {
        let proposal: Proposal = tx.open(*id).await?;
        Ok(show(tx.save(proposal.accept_answer(body.0.question_id)?).await?, cx.caller()))
    })
    .await
}

/// Record the customer's yes to the solution and one variant, with the evidence of it; the other variants are rejected.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "Accepted", body = dto::Proposal)))]
#[post("/proposals/{id}/accept")]
async fn accept_proposal(cx: Cx, id: Path<ProposalId>, body: Json<dto::AcceptProposal>) -> Reply<dto::Proposal> {
    cx.command(StatusCode::OK, async |tx| {
        let proposal: Proposal = tx.open(*id).await?;
        let dto::AcceptProposal { variant, evidence } = body.0.clone();
        Ok(show(bundle::accept(tx, proposal, variant.as_str(), evidence).await?, cx.caller()))
    })
    .await
}

/// Record the customer's no, and why; the solution and all variants are rejected.
#[utoipa::path(tag = "proposal", responses((status = 200, description = "Declined", body = dto::Proposal)))]
#[post("/proposals/{id}/decline")]
async fn decline_proposal(cx: Cx, id: Path<ProposalId>, body: Json<dto::Reason>) -> Reply<dto::Proposal> {
    cx.command(StatusCode::OK, async |tx| {
        let proposal: Proposal = tx.open(*id).await?;
        Ok(show(bundle::decline(tx, proposal, body.0.reason.to_string()).await?, cx.caller()))
    })
    .await
}

/// What a body names, as far as the caller may see it.
async fn named(
    tx: &mut Tx,
    cx: &Cx,
    solution: SolutionId,
    variants: &[ProposalVariant],
) -> Result<(Solution, Vec<Quote>)> {
    let seen = solutions::find(tx.conn(), solution).await?.filter(|found| sees(cx, found));
    let solution = seen.ok_or_else(|| ApiError::absent("/solution_id", "solution", solution))?;
    // More than there may be are refused by their number.
    let ids: Vec<QuoteId> = variants.iter().take(MOST_VARIANTS).map(|variant| variant.quote_id).collect();
    let mut found = quotes::find_all(tx.conn(), &ids).await?;
    found.retain(|quote| sees(cx, quote));
    let unseen = |id: &&QuoteId| !found.iter().any(|quote| quote.head.id == **id);
    if let Some((index, id)) = ids.iter().enumerate().find(|(_, id)| unseen(id)) {
        return Err(ApiError::absent(format!("/variants/{index}/quote_id"), "quote", id));
    }
    Ok((solution, found))
}

fn sees(cx: &Cx, found: &impl Entity) -> bool {
    cx.sight().sees(found.ownership().as_ref())
}

fn show(proposal: Proposal, caller: &Caller) -> dto::Proposal {
    let available_actions = proposal.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Proposal {
        id,
        number,
        revision,
        offered,
        status,
        case_id,
        account_id,
        account_name,
        title,
        message,
        solution_id,
        variants,
        accepted_quote_id,
        questions,
        reason,
        evidence,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        submitted_at,
        decided_at,
        version,
    } = proposal;
    dto::Proposal {
        id,
        number,
        revision,
        status,
        case_id,
        account_id,
        account_name,
        title,
        message,
        solution_id,
        variants: variants.0,
        offered: offered.map(|kept| kept.0),
        accepted_quote_id,
        questions: questions.0,
        reason,
        evidence: evidence.map(|kept| kept.0),
        owner_id,
        created_at,
        submitted_at,
        decided_at,
        version,
        available_actions,
    }
}
