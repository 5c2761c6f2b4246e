//! What time does to suppliers. No SQL.
use super::{domain::Supplier, store};
use platform::{Result, Tx};
use wire::Moment;

/// Tells of licences that end within 30 days, a hundred suppliers at a time.
pub async fn remind(tx: &mut Tx, _: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::licences_due(tx.conn(), stamp.today()).await? {
        let supplier: Supplier = tx.load(id).await?;
        if let Some(change) = supplier.remind(&stamp)? {
            tx.save(change).await?;
        }
    }
    Ok(())
}
