//! What inspections do to their order, and orders to their inspections. No SQL.
use super::{domain::Inspection, store};
use crate::{
    nonconformities,
    orders::domain::{Order, Quality},
    work_items,
};
use platform::{Result, Tx};
use wire::orders::OrderId;

/// What quality has open of an order, told to the order and to its quality work item where it has changed. The order is
/// locked, so nobody counts at the same time.
pub(crate) async fn count(tx: &mut Tx, order: Order) -> Result<()> {
    let (id, quality) = (order.head.id, open(tx, order.head.id).await?);
    if order.head.goods.0.quality != quality {
        tx.save(order.inspected(quality)?).await?;
    }
    tell_work(tx, id, quality).await
}

/// Final inspections to be made and nonconformities neither closed nor scrapped.
pub(crate) async fn open(tx: &mut Tx, order: OrderId) -> Result<Quality> {
    let inspections = store::count_open(tx.conn(), order).await?;
    let nonconformities = nonconformities::count_open(tx, order).await?;
    let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    Ok(Quality { inspections: small(inspections), nonconformities: small(nonconformities) })
}

/// The quality work item is done only when nothing is open.
pub(crate) async fn tell_work(tx: &mut Tx, order: OrderId, quality: Quality) -> Result<()> {
    work_items::inspect(tx, order, quality.inspections + quality.nonconformities).await
}

/// Ends what is planned of a cancelled order.
pub(crate) async fn cancel(tx: &mut Tx, order: OrderId) -> Result<()> {
    for id in store::planned_of(tx.conn(), order).await? {
        let inspection: Inspection = tx.load(id).await?;
        tx.save(inspection.give_up()?).await?;
    }
    Ok(())
}
