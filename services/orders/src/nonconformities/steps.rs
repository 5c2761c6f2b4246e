//! What inspections and orders do to nonconformities. No SQL.
use super::{domain::Nonconformity, store};
use crate::inspections::domain::Inspection;
use platform::{Result, Tx};
use wire::orders::{InspectionResult, OrderId};

/// A failed first look opens one; a second look closes it or sends it back.
pub(crate) async fn follow(tx: &mut Tx, done: &Inspection) -> Result<()> {
    let (failed, stamp) = (done.result == Some(InspectionResult::Fail), tx.stamp());
    match (done.nonconformity_id, failed) {
        (Some(id), _) => {
            let known: Nonconformity = tx.load(id).await?;
            let change = if failed { known.reopen(done)? } else { known.close(&stamp)? };
            tx.save(change).await.map(drop)
        }
        (None, true) => {
            let ids = (tx.id(), tx.next_number("nonconformity").await?);
            tx.create(Nonconformity::open(ids, done, &stamp)).await.map(drop)
        }
        (None, false) => Ok(()),
    }
}

/// Of an order, neither closed nor scrapped.
pub(crate) async fn count_open(tx: &mut Tx, order: OrderId) -> Result<i64> {
    Ok(i64::try_from(store::open_of(tx.conn(), order).await?.len()).unwrap_or(i64::MAX))
}

/// Ends those of a cancelled order.
pub(crate) async fn cancel(tx: &mut Tx, order: OrderId) -> Result<()> {
    for id in store::open_of(tx.conn(), order).await? {
        let nonconformity: Nonconformity = tx.load(id).await?;
        tx.save(nonconformity.cancel()?).await?;
    }
    Ok(())
}
