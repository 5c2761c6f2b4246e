//! Two leads that are one (CRM-07): what the one has goes to the other, in one transaction.
use super::{
    domain::{Lead, LeadRule},
    pool, store,
};
use platform::{ApiError, Entity, Result, Sight, Tx};
use wire::crm::{LeadId, MergeLead};

/// Merges the lead that the URL names into the one of the body.
pub async fn merge(tx: &mut Tx, id: LeadId, wish: MergeLead, sight: &Sight) -> Result<Lead> {
    if id == wish.into_id {
        return Err(LeadRule::MergeSelf.into());
    }
    // Each locks two leads; of two merges one after the other none waits for the other's second.
    tx.one_at_a_time("merge of leads").await?;
    let lead: Lead = tx.open(id).await?;
    let into = tx.try_load::<Lead>(wish.into_id).await?;
    let unknown = || ApiError::absent("/into_id", "lead", wish.into_id);
    let into = into.filter(|into| sight.sees(into.ownership().as_ref())).ok_or_else(unknown)?;
    let reason = wish.reason.into_string();
    let merged = lead.clone().merge(&into, reason.clone())?;
    let survivor = into.take_over(&lead)?;
    let survivor = tx.save(survivor).await?;
    tx.move_refs(Lead::KIND, lead.id, survivor.id, &lead.external_refs.0).await?;
    store::move_reports(tx.conn(), lead.id, survivor.id).await?;
    let merged = tx.save(merged).await?;
    pool::close(tx, &merged, &reason).await?;
    Ok(merged)
}
