//! What a proposal does to the documents that it bundles, in its own transaction: all of them or none. Their own rules decide;
//! nothing here is a rule.
use super::{
    domain::{Proposal, ProposalRule},
    store,
};
use crate::{
    quotes::{self, domain::Quote},
    solutions::{self, domain::Solution},
};
use platform::{ApiError, Conn, Result, Tx};
use wire::{
    Evidence,
    json::Kept,
    quoting::{OfferedProposal, QuoteId, SolutionStatus},
};

/// The solution and the quotes of a proposal, as they stand, in the order of its variants; without locks.
pub async fn contents(conn: &mut Conn, proposal: &Proposal) -> Result<(Solution, Vec<Quote>)> {
    let gone = || ApiError::internal("a proposal without what it bundles");
    let solution = solutions::find(conn, proposal.solution_id).await?.ok_or_else(gone)?;
    let ids: Vec<QuoteId> = proposal.variants.0.iter().map(|variant| variant.quote_id).collect();
    let found = quotes::find_all(conn, &ids).await?;
    if found.len() == ids.len() { Ok((solution, found)) } else { Err(gone()) }
}

/// Sends the proposal with all that it bundles; what is with the customer already stays there, and what is no longer part of it
/// goes.
pub async fn submit(tx: &mut Tx, proposal: Proposal) -> Result<Proposal> {
    let (stamp, before) = (tx.stamp(), proposal.offered.clone());
    let change = proposal.submit(&stamp)?;
    let proposal = change.after().clone();
    let solution: Solution = tx.load(proposal.solution_id).await?;
    not_elsewhere(tx, &proposal).await?;
    if let Some(Kept(before)) = before {
        drop_out(tx, &before, &proposal).await?;
    }
    if solution.status != SolutionStatus::Submitted {
        tx.save(solution.offer()?).await?;
    }
    for variant in &proposal.variants.0 {
        let quote: Quote = tx.load(variant.quote_id).await?;
        if !quote.is_offered_in(proposal.id) {
            tx.save(quote.offer(proposal.id, &stamp)?).await?;
        }
    }
    tx.save(change).await
}

/// The customer's yes: to the solution and to one quote; the other quotes get a no.
pub async fn accept(tx: &mut Tx, proposal: Proposal, label: &str, evidence: Evidence) -> Result<Proposal> {
    let stamp = tx.stamp();
    let change = proposal.accept(label, evidence.clone(), &stamp)?;
    let proposal = change.after().clone();
    let solution: Solution = tx.load(proposal.solution_id).await?;
    tx.save(solution.accept(&stamp)?).await?;
    for variant in &proposal.variants.0 {
        let quote: Quote = tx.load(variant.quote_id).await?;
        if proposal.accepted_quote_id == Some(variant.quote_id) {
            tx.save(quote.within(proposal.id)?.accept(evidence.clone(), &stamp)?).await?;
        } else if quote.is_offered_in(proposal.id) {
            let reason = format!("variant {label} was accepted");
            tx.save(quote.within(proposal.id)?.reject(reason, &stamp)?).await?;
        }
    }
    tx.save(change).await
}

/// The customer's no, to all of it.
pub async fn decline(tx: &mut Tx, proposal: Proposal, reason: String) -> Result<Proposal> {
    let stamp = tx.stamp();
    let change = proposal.decline(reason.clone(), &stamp)?;
    let proposal = change.after().clone();
    let solution: Solution = tx.load(proposal.solution_id).await?;
    if solution.status == SolutionStatus::Submitted {
        tx.save(solution.reject(reason.clone(), &stamp)?).await?;
    }
    for variant in &proposal.variants.0 {
        let quote: Quote = tx.load(variant.quote_id).await?;
        if quote.is_offered_in(proposal.id) {
            tx.save(quote.within(proposal.id)?.reject(reason.clone(), &stamp)?).await?;
        }
    }
    tx.save(change).await
}

/// Its solution is with the customer in no other proposal.
async fn not_elsewhere(tx: &mut Tx, proposal: &Proposal) -> Result<()> {
    if store::is_offered_elsewhere(tx.conn(), proposal.solution_id, proposal.id).await? {
        return Err(ProposalRule::SolutionTaken.into());
    }
    Ok(())
}

/// What the customer had before and has no longer.
async fn drop_out(tx: &mut Tx, before: &OfferedProposal, now: &Proposal) -> Result<()> {
    const WHY: &str = "it was replaced in the proposal";
    let stamp = tx.stamp();
    let kept = |id| now.variants.0.iter().any(|variant| variant.quote_id == id);
    for variant in before.variants.iter().filter(|variant| !kept(variant.quote_id)) {
        let quote: Quote = tx.load(variant.quote_id).await?;
        if quote.is_offered_in(now.id) {
            tx.save(quote.withdraw(WHY.to_owned(), &stamp)?).await?;
        }
    }
    if before.solution_id != now.solution_id {
        let solution: Solution = tx.load(before.solution_id).await?;
        if solution.status == SolutionStatus::Submitted {
            tx.save(solution.reject(WHY.to_owned(), &stamp)?).await?;
        }
    }
    Ok(())
}
