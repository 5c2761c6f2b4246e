//! What time does to goods receipts. No SQL.
use super::{domain::GoodsReceipt, store};
use platform::{Result, Tx};
use wire::Moment;

/// Marks deliveries that were not inspected within their four hours, once, a hundred at a time.
pub async fn mark_overdue(tx: &mut Tx, now: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::late(tx.conn(), now).await? {
        let receipt: GoodsReceipt = tx.load(id).await?;
        if receipt.head.inspected_at.is_none()
            && let Some(change) = receipt.mark_overdue(&stamp)?
        {
            tx.save(change).await?;
        }
    }
    Ok(())
}
