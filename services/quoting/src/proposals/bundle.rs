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
use wire::{Evidence, quoting::SolutionStatus};

/// The solution and the quotes of a proposal, as they stand; without locks.
pub async fn contents(conn: &mut Conn, proposal: &Proposal) -> Result<(Solution, Vec<Quote>)> {
    let gone = || ApiError::internal("a proposal without what it bundles");
    let solution = solutions::find(conn, proposal.solution_id).await?.ok_or_else(gone)?;
    let mut found = Vec::new();
    for variant in &proposal.variants.0 {
        found.push(quotes::find(conn, variant.quote_id).await?.ok_or_else(gone)?);
    }
    Ok((solution, found))
}

/// Sends the proposal with all that it bundles; what is with the customer already stays there.
pub async fn submit(tx: &mut Tx, proposal: Proposal) -> Result<Proposal> {
    let stamp = tx.stamp();
    let change = proposal.submit(&stamp)?;
    let proposal = change.after().clone();
    let solution: Solution = tx.load(proposal.solution_id).await?;
    if store::is_offered_elsewhere(tx.conn(), &proposal).await? {
        return Err(ProposalRule::SolutionTaken.into());
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

/// What falls out of a proposal that is with the customer already is no longer offered.
pub async fn drop_out(tx: &mut Tx, before: &Proposal, now: &Proposal) -> Result<()> {
    const WHY: &str = "it was replaced in the proposal";
    let stamp = tx.stamp();
    let kept = |id| now.variants.0.iter().any(|variant| variant.quote_id == id);
    for variant in before.variants.0.iter().filter(|variant| !kept(variant.quote_id)) {
        let quote: Quote = tx.load(variant.quote_id).await?;
        if quote.is_offered_in(now.id) {
            tx.save(quote.withdraw(WHY.to_owned(), &stamp)?).await?;
        }
    }
    if before.solution_id != now.solution_id && before.submitted_at.is_some() {
        let solution: Solution = tx.load(before.solution_id).await?;
        if solution.status == SolutionStatus::Submitted {
            tx.save(solution.reject(WHY.to_owned(), &stamp)?).await?;
        }
    }
    Ok(())
}
