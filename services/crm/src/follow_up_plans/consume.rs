//! What time does to plans. No SQL.
use super::{domain::FollowUpPlan, store};
use crate::{escalations, follow_ups::domain::FollowUp};
use platform::{Result, Tx};
use wire::{Moment, crm::LadderKind};

/// Makes the follow-ups of the days that have come, a hundred plans at a time; what fell into a standstill is made up for.
pub async fn make_follow_ups(tx: &mut Tx, _: Moment) -> Result<()> {
    let stamp = tx.stamp();
    let due = store::due(tx.conn(), stamp.today()).await?;
    if due.is_empty() {
        return Ok(());
    }
    let ladder = escalations::of_kind(tx.conn(), LadderKind::FollowUp).await?;
    for id in &due {
        let plan: FollowUpPlan = tx.load(*id).await?;
        // It may have ended while this waited for the lock.
        let Some(day) = plan.next_on else { continue };
        let follow_up = FollowUp::of(tx.id(), &plan, day, &ladder, &stamp);
        tx.create(follow_up).await?;
        tx.save(plan.advance()?).await?;
    }
    tx.again();
    Ok(())
}
