//! What orders do to work items. No SQL.
use super::{
    domain::{self, WorkItem},
    store,
};
use crate::orders::domain::Order;
use platform::{Change, Machine, Result, Tx, replica};
use std::collections::BTreeMap;
use wire::{
    orders::{OrderId, WorkItemId},
    quoting::ProductSnapshot,
};

/// The work items of an order that is being confirmed.
pub(crate) async fn decompose(tx: &mut Tx, order: &Order) -> Result<Vec<Change<WorkItem>>> {
    let rules = store::rules(tx.conn()).await?;
    let skus: Vec<&str> = order.lines.iter().map(|line| line.sku.as_str()).collect();
    let products: Vec<ProductSnapshot> = replica::find_by_keys(tx.conn(), &skus).await?;
    let units: BTreeMap<String, String> = products.into_iter().map(|product| (product.sku, product.unit)).collect();
    let stamp = tx.stamp();
    Ok(domain::decompose(order, &rules, &units, || tx.id(), &stamp))
}

/// Ends what is not done of a cancelled order.
pub(crate) async fn cancel(tx: &mut Tx, order: OrderId) -> Result<()> {
    for id in store::open_of(tx.conn(), order).await? {
        let item: WorkItem = tx.load(id).await?;
        tx.save(item.cancel()?).await?;
    }
    Ok(())
}

/// Tells the inspection of the goods what is open about them; once it is done, the order alone keeps count.
pub(crate) async fn inspect(tx: &mut Tx, order: OrderId, open: i32) -> Result<()> {
    let Some(id) = store::inspection_of(tx.conn(), order).await? else { return Ok(()) };
    let item: WorkItem = tx.load(id).await?;
    if item.open_inspections != open && item.may("inspect").is_ok() {
        tx.save(item.inspect(open)?).await?;
    }
    Ok(())
}

/// Lets those begin that waited for this one.
pub(crate) async fn finish(tx: &mut Tx, done: WorkItemId) -> Result<()> {
    for id in store::waiting_for(tx.conn(), done).await? {
        let item: WorkItem = tx.load(id).await?;
        tx.save(item.ready()?).await?;
    }
    Ok(())
}
