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

/// Rows of one table a run.
const NAMES: usize = 500;

/// Works out how names of leads and customers are compared, where they are new or were worked out by older rules (CRM-07).
pub async fn spell_names(tx: &mut Tx, _: Moment) -> Result<()> {
    for table in ["leads", "accounts"] {
        let rows = store::unspelt(tx.conn(), table, NAMES).await?;
        if rows.is_empty() {
            continue;
        }
        store::spell(tx.conn(), table, &rows).await?;
        if rows.len() == NAMES {
            tx.again();
        }
    }
    Ok(())
}
