//! Whom a campaign reached: the steps that touch more than the campaign's own row.
use super::{
    domain::{Campaign, Touchpoint},
    store::touchpoints,
};
use crate::leads::domain::Lead;
use platform::{ApiError, Entity, Result, Sight, Tx};
use wire::crm::{CampaignId, NewTouchpoint};

/// Records one; a lead is named only by those who may see it (`leads`).
pub async fn record(tx: &mut Tx, id: CampaignId, new: NewTouchpoint, leads: &Sight) -> Result<Touchpoint> {
    let campaign: Campaign = tx.open(id).await?;
    let (mut named, mut first) = (None, false);
    if let Some(id) = new.lead_id {
        // The lead's row is locked: of two who name it first, one is.
        let lead: Option<Lead> = tx.try_load(id).await?;
        let lead = lead.filter(|lead| leads.sees(lead.ownership().as_ref()));
        let lead = lead.ok_or_else(|| ApiError::absent("/lead_id", "lead", id))?;
        named = Some((lead.id, lead.case_id));
        first = !touchpoints::is_attributed(tx.conn(), lead.id).await?;
    }
    let change = Touchpoint::record(tx.id(), &campaign, new, named, first, &tx.stamp())?;
    tx.create(change).await
}
