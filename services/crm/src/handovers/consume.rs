//! What time does to handovers. No SQL.
use super::{domain::Handover, store};
use crate::users;
use platform::{Result, Tx};
use wire::Moment;

/// Begins those whose time has come and ends those whose window is over.
pub async fn keep_windows(tx: &mut Tx, now: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::beginning(tx.conn(), now).await? {
        let handover: Handover = tx.load(id).await?;
        let Some(to) = users::find_by_reference(tx.conn(), &handover.to_user).await? else { continue };
        match handover.activate(&to, &stamp) {
            Ok(change) => drop(tx.save(change).await?),
            // The deputy has left meanwhile: somebody has to plan another one.
            Err(error) => tracing::warn!(%id, %error, "a handover does not begin"),
        }
    }
    for id in store::ending(tx.conn(), now).await? {
        let handover: Handover = tx.load(id).await?;
        if let Ok(change) = handover.revert(&stamp) {
            tx.save(change).await?;
        }
    }
    Ok(())
}
