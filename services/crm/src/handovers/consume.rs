//! What time does to handovers. No SQL.
use super::{begin::deputy, domain::Handover, store};
use platform::{Language, Machine, Result, Rule, Tx};
use wire::Moment;

/// Begins those whose time has come and ends those whose window is over. One that cannot begin any more is cancelled, and says why:
/// somebody has to plan another one.
pub async fn keep_windows(tx: &mut Tx, now: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::beginning(tx.conn(), now).await? {
        let handover: Handover = tx.load(id).await?;
        // Somebody may have begun or cancelled it while this waited for the lock.
        if handover.may("activate").is_err() {
            continue;
        }
        let to = deputy(tx.conn(), &handover).await?;
        let change = match handover.can_begin(&to, &stamp) {
            Ok(()) => handover.activate(&to, &stamp)?,
            Err(why) => {
                let reason = format!("{} / {}", why.text(Language::Chinese), why.text(Language::English));
                handover.cancel(reason, &stamp)?
            }
        };
        tx.save(change).await?;
    }
    for id in store::ending(tx.conn(), now).await? {
        let handover: Handover = tx.load(id).await?;
        if let Ok(change) = handover.revert(&stamp) {
            tx.save(change).await?;
        }
    }
    Ok(())
}
