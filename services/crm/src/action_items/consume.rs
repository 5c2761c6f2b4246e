//! What time does to action items. No SQL.
use super::{domain::ActionItem, store};
use crate::{escalations, users::Around};
use platform::{Entity, Result, Tx};
use wire::{Moment, crm::LadderKind};

/// Lets climb what has reached its next rung, a hundred at a time (CRM-60).
pub async fn escalate(tx: &mut Tx, now: Moment) -> Result<()> {
    let climbing = store::climbing(tx.conn(), now).await?;
    if climbing.is_empty() {
        return Ok(());
    }
    let (ladder, stamp) = (escalations::of_kind(tx.conn(), LadderKind::ActionItem).await?, tx.stamp());
    let mut around = Around::default();
    for id in climbing {
        let item: ActionItem = tx.load(id).await?;
        // The first rung is the owner's own: nobody is looked up for it.
        let manager = match item.level {
            0 => None,
            _ => around.manager(tx.conn(), &item.ownership().unwrap_or_default()).await?,
        };
        // Someone may have done it while this waited for the lock.
        if let Ok(change) = item.escalate(manager, &ladder, &stamp) {
            tx.save(change).await?;
        }
    }
    tx.again();
    Ok(())
}
