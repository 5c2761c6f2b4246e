//! The opportunity that a request names in its body, and the file that evidence names: the same for everything that belongs to
//! an opportunity. Decides nothing but who may name what.
use super::domain::Opportunity;
use platform::{ApiError, Cx, Entity, Result, Tx};
use wire::{Evidence, crm::OpportunityId};

/// The opportunity at `/opportunity_id`, locked; 422 where there is none that the caller's row scope opens.
pub async fn named(tx: &mut Tx, cx: &Cx, id: OpportunityId) -> Result<Opportunity> {
    let unknown = ApiError::absent("/opportunity_id", "opportunity", id);
    let opportunity: Option<Opportunity> = tx.try_load(id).await?;
    opportunity.filter(|opportunity| cx.sight().sees(opportunity.ownership().as_ref())).ok_or(unknown)
}

/// The same, and it must be open: 409 otherwise.
pub async fn named_open(tx: &mut Tx, cx: &Cx, id: OpportunityId) -> Result<Opportunity> {
    let opportunity = named(tx, cx, id).await?;
    opportunity.takes_more()?;
    Ok(opportunity)
}

/// The file that evidence names belongs to the document from now on; 422 where it is somebody else's.
pub async fn keep_evidence<T: Entity>(tx: &mut Tx, evidence: &Evidence, document: &T) -> Result<()> {
    if let Some(id) = evidence.attachment_id {
        tx.attach("/evidence/attachment_id", id, document).await?;
    }
    Ok(())
}
