//! What time does: each day's pipeline is kept when the day has ended. No SQL.
use super::{domain::PipelineSnapshot, store};
use platform::{Result, Tx};
use wire::{Day, Moment};

/// Keeps the picture of yesterday, once. A day on which nobody was there to take it has none; reports show the one before.
pub async fn take_snapshot(tx: &mut Tx, now: Moment) -> Result<()> {
    let Ok(yesterday) = tx.stamp().today().0.yesterday() else { return Ok(()) };
    let latest = store::latest(tx.conn(), Day(yesterday)).await?;
    if latest.as_ref().is_some_and(|snapshot| snapshot.day == Day(yesterday)) {
        return Ok(());
    }
    let (id, since) = (tx.id(), latest.map(|snapshot| snapshot.taken_at));
    // The head last: it says how many rows there are.
    let opportunities = store::keep_rows(tx.conn(), id, since).await?;
    tx.create(PipelineSnapshot::take(id, Day(yesterday), opportunities, now)).await?;
    Ok(())
}
