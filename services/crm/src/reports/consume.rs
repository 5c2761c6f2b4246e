//! What time does: when a day has ended, the pipeline is kept as it stands then. No SQL.
use super::{domain::PipelineSnapshot, store};
use platform::{Result, Tx};
use wire::{Day, Moment};

/// Keeps the picture of yesterday, once: what stands now, the first time that somebody is there after the day has ended. A day after
/// which nobody was there has none; reports show the one before.
pub async fn take_snapshot(tx: &mut Tx, now: Moment) -> Result<()> {
    let Ok(yesterday) = tx.stamp().today().0.yesterday() else { return Ok(()) };
    let latest = store::latest(tx.conn(), Day(yesterday)).await?;
    if latest.as_ref().is_some_and(|snapshot| snapshot.day == Day(yesterday)) {
        return Ok(());
    }
    let id = tx.id();
    // The head last: it says how many rows there are.
    let opportunities = store::keep_rows(tx.conn(), id, latest.as_ref()).await?;
    tx.create(PipelineSnapshot::take(id, Day(yesterday), opportunities, now)).await?;
    Ok(())
}
