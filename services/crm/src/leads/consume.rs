//! What time does to leads. No SQL.
use super::{domain::Lead, store};
use crate::scoring_models;
use platform::{Result, Tx};
use wire::Moment;

/// Rates leads anew that another model than the active one rated (CRM-09), some hundred at a time.
pub async fn rescore(tx: &mut Tx, _: Moment) -> Result<()> {
    let Some(model) = scoring_models::active(tx.conn()).await? else { return Ok(()) };
    for id in store::rated_by_others(tx.conn(), model.id).await? {
        let lead: Lead = tx.load(id).await?;
        let Some(score) = lead.score.as_ref().map(|kept| model.rescore(&kept.0)) else { continue };
        tx.save(lead.score(score)?).await?;
    }
    Ok(())
}
