//! What time does to action items. No SQL.
use super::{domain::ActionItem, store};
use crate::{
    escalations,
    users::{self, people::manager_of},
};
use platform::{Result, Tx};
use wire::{Moment, crm::LadderKind};

/// Lets climb what has reached its next rung, a hundred at a time (CRM-60).
pub async fn escalate(tx: &mut Tx, now: Moment) -> Result<()> {
    let climbing = store::climbing(tx.conn(), now).await?;
    if climbing.is_empty() {
        return Ok(());
    }
    let (ladder, stamp) = (escalations::of_kind(tx.conn(), LadderKind::ActionItem).await?, tx.stamp());
    for id in climbing {
        let item: ActionItem = tx.load(id).await?;
        let team = users::of_team(tx.conn(), item.team_id.as_deref()).await?;
        let department = users::of_department(tx.conn(), item.department_id.as_deref()).await?;
        let manager = manager_of(&team, &department, item.owner_id.as_deref().unwrap_or_default());
        // Someone may have done it while this waited for the lock.
        if let Ok(change) = item.escalate(manager.map(|person| person.reference.clone()), &ladder, &stamp) {
            tx.save(change).await?;
        }
    }
    tx.again();
    Ok(())
}
