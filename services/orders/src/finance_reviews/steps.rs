//! What orders and time do to finance reviews. No SQL.
use super::{domain::FinanceReview, store};
use crate::orders::domain::Order;
use platform::{Result, Tx};
use wire::{
    Moment,
    orders::{OrderId, ReviewStatus},
};

/// Opens the review of a checked order.
pub(crate) async fn open(tx: &mut Tx, order: &Order) -> Result<()> {
    let change = FinanceReview::open(tx.id(), order, &tx.stamp());
    tx.create(change).await.map(drop)
}

/// Ends the review of a cancelled order, if it is still open.
pub(crate) async fn cancel(tx: &mut Tx, order: OrderId) -> Result<()> {
    let Some(id) = store::of_order(tx.conn(), order).await? else { return Ok(()) };
    let review: FinanceReview = tx.load(id).await?;
    if matches!(review.status, ReviewStatus::Pending | ReviewStatus::PriceAdjustRequired) {
        tx.save(review.cancel()?).await?;
    }
    Ok(())
}

/// Marks the reviews whose working day is over, a hundred at a time.
pub async fn mark_overdue(tx: &mut Tx, now: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::late(tx.conn(), now).await? {
        let review: FinanceReview = tx.load(id).await?;
        if review.status == ReviewStatus::Pending {
            tx.save(review.mark_overdue(&stamp)?).await?;
        }
    }
    Ok(())
}
