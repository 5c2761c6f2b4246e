//! What decides a waiver. No SQL.
use super::domain::SourcingWaiver;
use platform::{Decided, Result, Tx};
use wire::{approval::Verdict, procurement::SourcingWaiverId};

/// In the transaction of the last vote.
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let waiver: SourcingWaiver = tx.load(SourcingWaiverId(decided.subject)).await?;
    let stamp = tx.stamp();
    let change = match decided.verdict {
        Verdict::Approved => waiver.approve(&stamp)?,
        Verdict::Rejected => waiver.reject(decided.comment.unwrap_or_default(), &stamp)?,
    };
    tx.save(change).await.map(drop)
}
