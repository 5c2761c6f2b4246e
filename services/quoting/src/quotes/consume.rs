//! What quotes hear and what time does to them. No SQL.
use super::{domain::Quote, store};
use platform::{Decided, Result, Subscriptions, Tx};
use wire::{
    Moment,
    approval::Verdict,
    crm::{
        AccountCreated, AccountSnapshot, AccountUpdated, OpportunityLost, OpportunityMoved, OpportunityRegistered,
        OpportunitySnapshot, OpportunityStageChanged, OpportunityWon, RequirementSpecConfirmed, RequirementSpecMoved,
        RequirementSpecSnapshot, RequirementSpecSubmitted,
    },
    quoting::QuoteId,
};

/// Replicas of customers, of their opportunities and of their specifications.
pub fn consumers(on: &mut Subscriptions) {
    on.replicate::<AccountCreated, AccountSnapshot>("keep-account-created");
    on.replicate::<AccountUpdated, AccountSnapshot>("keep-account-updated");
    on.replicate::<OpportunityRegistered, OpportunitySnapshot>("keep-opportunity-registered");
    on.replicate::<OpportunityStageChanged, OpportunitySnapshot>("keep-opportunity-stage-changed");
    on.replicate::<OpportunityWon, OpportunitySnapshot>("keep-opportunity-won");
    on.replicate::<OpportunityLost, OpportunitySnapshot>("keep-opportunity-lost");
    on.replicate::<OpportunityMoved, OpportunitySnapshot>("keep-opportunity-moved");
    on.replicate::<RequirementSpecMoved, RequirementSpecSnapshot>("keep-requirement-spec-moved");
    on.replicate::<RequirementSpecSubmitted, RequirementSpecSnapshot>("keep-requirement-spec-submitted");
    on.replicate::<RequirementSpecConfirmed, RequirementSpecSnapshot>("keep-requirement-spec-confirmed");
}

/// In the transaction of the last vote.
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let quote: Quote = tx.load(QuoteId(decided.subject)).await?;
    let change = match decided.verdict {
        Verdict::Approved => quote.approve()?,
        Verdict::Rejected => quote.returned(decided.comment.unwrap_or_default())?,
    };
    tx.save(change).await.map(drop)
}

/// Closes issued quotes whose last day is over, a hundred at a time.
pub async fn expire_due(tx: &mut Tx, _: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::overdue(tx.conn(), stamp.today()).await? {
        let quote: Quote = tx.load(id).await?;
        tx.save(quote.expire(&stamp)?).await?;
    }
    Ok(())
}
