//! `/api/quoting/v1/public/proposals/{token}`: what the holder of a link may do, without an account. Each request proves its token
//! first, and is made in the contact's name.
use super::{domain::ProposalLink, store};
use crate::proposals::{
    self,
    document::{Reading, Standing, document, offered},
    domain::Proposal,
    pdf,
};
use actix_web::{
    HttpResponse, get, post,
    web::{Path, Query},
};
use platform::{Conn, Cx, Json, Language, Reply, Result, Tx, guest, replica};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Evidence, EvidenceChannel, Moment,
    attachment::FileBytes,
    crm::ContactSnapshot,
    quoting::{self as dto, AskProposal, ProposalQuestion, SharedQuestion},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_shared_proposal)
        .service(print_shared_proposal)
        .service(ask_shared_proposal)
        .service(accept_shared_proposal)
        .service(decline_shared_proposal);
}

/// The proposal that was shared with you. That you have looked is noted.
#[utoipa::path(tag = "shared_proposal", responses((status = 200, description = "The proposal", body = dto::SharedProposal)))]
#[get("/public/proposals/{token}")]
async fn get_shared_proposal(cx: Cx, token: Path<String>) -> Reply<dto::SharedProposal> {
    let look = async |tx: &mut Tx, link: ProposalLink| {
        let proposal = seen(tx, &link).await?;
        show(tx, link, proposal, cx.caller().language).await
    };
    cx.guest(async |tx| named(tx, &token).await, look).await
}

/// Ask something about it.
#[utoipa::path(tag = "shared_proposal", responses((status = 200, description = "The proposal", body = dto::SharedProposal)))]
#[post("/public/proposals/{token}/ask")]
async fn ask_shared_proposal(
    cx: Cx,
    token: Path<String>,
    body: Json<dto::AskSharedProposal>,
) -> Reply<dto::SharedProposal> {
    let ask = async |tx: &mut Tx, link: ProposalLink| {
        let proposal: Proposal = tx.load(link.proposal_id).await?;
        let person = name(&link)?;
        let change = proposal.ask(tx.id(), AskProposal { question: body.0.question.clone(), person }, &tx.stamp())?;
        let proposal = tx.save(change).await?;
        show(tx, link, proposal, cx.caller().language).await
    };
    cx.guest(async |tx| named(tx, &token).await, ask).await
}

/// Say yes to the solution and to one of the variants, as they stand in the revision that was read.
#[utoipa::path(tag = "shared_proposal", responses((status = 200, description = "Accepted", body = dto::SharedProposal)))]
#[post("/public/proposals/{token}/accept")]
async fn accept_shared_proposal(
    cx: Cx,
    token: Path<String>,
    body: Json<dto::AcceptSharedProposal>,
) -> Reply<dto::SharedProposal> {
    let accept = async |tx: &mut Tx, link: ProposalLink| {
        let proposal: Proposal = tx.load(link.proposal_id).await?;
        let dto::AcceptSharedProposal { number, revision, variant, name, evidence: note } = body.0.clone();
        proposal.was_read(number.as_str(), revision)?;
        let (channel, at) = (EvidenceChannel::Portal, tx.stamp().at);
        let evidence = Evidence { channel, person: name, at, note, attachment_id: None };
        let proposal = proposals::accept(tx, proposal, variant.as_str(), evidence).await?;
        show(tx, link, proposal, cx.caller().language).await
    };
    cx.guest(async |tx| named(tx, &token).await, accept).await
}

/// Say no to all of it, and why.
#[utoipa::path(tag = "shared_proposal", responses((status = 200, description = "Declined", body = dto::SharedProposal)))]
#[post("/public/proposals/{token}/decline")]
async fn decline_shared_proposal(
    cx: Cx,
    token: Path<String>,
    body: Json<dto::DeclineSharedProposal>,
) -> Reply<dto::SharedProposal> {
    let decline = async |tx: &mut Tx, link: ProposalLink| {
        let proposal: Proposal = tx.load(link.proposal_id).await?;
        let dto::DeclineSharedProposal { name, reason } = body.0.clone();
        let proposal = proposals::decline(tx, proposal, format!("{name}: {reason}")).await?;
        show(tx, link, proposal, cx.caller().language).await
    };
    cx.guest(async |tx| named(tx, &token).await, decline).await
}

/// The proposal as a PDF, in the language of `language` or else of the reader. That you have looked is noted.
#[utoipa::path(tag = "shared_proposal", params(dto::PrintQuery), responses((status = 200, description = "The document", content((FileBytes = "application/pdf")))))]
#[get("/public/proposals/{token}/pdf")]
async fn print_shared_proposal(cx: Cx, token: Path<String>, query: Query<dto::PrintQuery>) -> Result<HttpResponse> {
    let language = pdf::language(&query, cx.caller());
    let look = async |tx: &mut Tx, link: ProposalLink| {
        let proposal = seen(tx, &link).await?;
        let (document, standing) = read(tx, &link, &proposal, language).await?;
        pdf::sheet(tx.conn(), proposal.account_id, document, standing).await
    };
    let sheet = cx.guest_look(async |tx| named(tx, &token).await, look);
    pdf::answer(&cx, sheet.await?).await
}

/// The proposal of a link; that somebody looks is noted.
async fn seen(tx: &mut Tx, link: &ProposalLink) -> Result<Proposal> {
    let now = tx.stamp().at;
    store::viewed(tx.conn(), link.id, now).await?;
    proposals::find(tx.conn(), link.proposal_id).await?.ok_or_else(guest::unknown_link)
}

/// Whose link it is, if it opens anything.
async fn prove(conn: &mut Conn, link: Option<ProposalLink>, now: Moment) -> Result<ProposalLink> {
    let link = link.ok_or_else(guest::unknown_link)?;
    let contact: Option<ContactSnapshot> = replica::find(conn, link.contact_id.into()).await?;
    if link.opens(contact.as_ref(), now) { Ok(link) } else { Err(guest::unknown_link()) }
}

/// The same, and in whose name its holder acts.
async fn named(tx: &mut Tx, token: &str) -> Result<(String, ProposalLink)> {
    let now = tx.stamp().at;
    let link = store::lock_by_digest(tx.conn(), &guest::digest(token)).await?;
    let link = prove(tx.conn(), link, now).await?;
    Ok((link.actor(), link))
}

/// The contact's name as a question takes it.
fn name(link: &ProposalLink) -> Result<wire::Name> {
    link.contact_name.parse().map_err(platform::ApiError::internal)
}

/// What was offered, as the customer reads it, and how it stands.
async fn read(
    tx: &mut Tx,
    link: &ProposalLink,
    proposal: &Proposal,
    language: Language,
) -> Result<(dto::ProposalDocument, Standing)> {
    let today = tx.stamp().today();
    let proposal = proposal.clone().as_offered();
    let (solution, quotes) = proposals::contents(tx.conn(), &proposal).await?;
    let (solution, quotes) = offered(&proposal, solution, quotes);
    let reading = Reading { contact: Some(&link.contact_name), language, today };
    let standing = Standing::of(&proposal, &quotes, today);
    Ok((document(&proposal, solution.as_ref(), &quotes, reading), standing))
}

async fn show(tx: &mut Tx, link: ProposalLink, proposal: Proposal, language: Language) -> Result<dto::SharedProposal> {
    let (document, _) = read(tx, &link, &proposal, language).await?;
    let (status, open) = (proposal.status, proposal.is_open());
    let questions = proposal.questions.0.into_iter().map(question).collect();
    Ok(dto::SharedProposal { document, status, open, questions, expires_at: link.expires_at })
}

/// Who of our people put it down or answered it stays here.
fn question(kept: ProposalQuestion) -> SharedQuestion {
    let ProposalQuestion { id, status, question, person, asked_by: _, asked_at, answer, answered_by: _, answered_at } =
        kept;
    SharedQuestion { id, status, question, person, asked_at, answer, answered_at }
}
