//! What time does to suppliers. No SQL.
use super::{
    domain::{Supplier, today},
    store,
};
use platform::{Result, Tx};
use wire::{Day, Moment};

/// Tells of licences that end within 30 days, a hundred suppliers at a time.
pub async fn remind(tx: &mut Tx, _: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::licences_due(tx.conn(), Day(today(&stamp))).await? {
        let supplier: Supplier = tx.load(id).await?;
        if let Some(change) = supplier.remind(&stamp)? {
            tx.save(change).await?;
        }
    }
    Ok(())
}
