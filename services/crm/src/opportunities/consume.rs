//! What opportunities hear. No SQL.
use super::{domain::Opportunity, register::won};
use platform::{Result, Subscriptions, Tx};
use wire::{crm::OpportunityStatus, quoting::QuoteAccepted};

/// Quotes that were accepted.
pub fn consumers(on: &mut Subscriptions) {
    on.on::<QuoteAccepted>("win-opportunity", quote_accepted);
}

/// The customer's yes to a quote wins the opportunity that it names. One that was closed by hand meanwhile stays as it is.
async fn quote_accepted(tx: &mut Tx, event: QuoteAccepted) -> Result<()> {
    let Some(id) = event.quote.opportunity_id else { return Ok(()) };
    let Some(opportunity) = tx.try_load::<Opportunity>(id).await? else { return Ok(()) };
    if opportunity.status != OpportunityStatus::Open {
        return Ok(());
    }
    let reason = format!("{} accepted / 客户已接受报价", event.quote.number);
    let change = opportunity.win(reason.as_str().into(), Some(event.quote.quote_id), &tx.stamp())?;
    won(tx, change).await.map(drop)
}
