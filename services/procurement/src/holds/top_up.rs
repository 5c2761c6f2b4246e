//! Goods that can be promised again go to the holds that are short of them, and the orders are answered again, so that they
//! go on. No SQL. Takes only what the fact is about: what else lies free may be another's who waits longer.
use super::{
    consume::{free, shift},
    domain::Hold,
    store,
};
use crate::items;
use platform::{Result, Subscriptions, Tx};
use wire::procurement::{ItemId, PurchaseOrderId, StockFreed, StockReceived};

/// Goods that came in, and goods that nobody holds any more.
pub(super) fn consumers(on: &mut Subscriptions) {
    on.on::<StockReceived>("top-up-holds", received).on::<StockFreed>("top-up-holds-of-freed", freed);
}

async fn received(tx: &mut Tx, event: StockReceived) -> Result<()> {
    top_up(tx, event.item_id, Some(event.purchase_order_id)).await
}

async fn freed(tx: &mut Tx, event: StockFreed) -> Result<()> {
    top_up(tx, event.item_id, None).await
}

/// First to whom it was bought for, then by age. All holds are locked before any stock is.
async fn top_up(tx: &mut Tx, item: ItemId, purchase: Option<PurchaseOrderId>) -> Result<()> {
    let Some(item) = items::store::find(tx.conn(), item).await? else { return Ok(()) };
    let sku = item.sold_as();
    let first = store::short_of(tx.conn(), sku, purchase).await?;
    if first.is_empty() {
        return Ok(());
    }
    // Locked in the order of their ids, so that two receipts at once do not wait in a ring; served in the order of need.
    let mut ids = first.clone();
    ids.sort_unstable();
    let mut holds: Vec<Hold> = Vec::new();
    for id in ids {
        let hold: Hold = tx.load(id).await?;
        if !hold.is_closed() {
            holds.push(hold);
        }
    }
    holds.sort_by_key(|hold| first.iter().position(|id| *id == hold.head.id));
    let mut free = free(tx, &[sku]).await?;
    for hold in holds {
        if !hold.wants(&free) {
            continue;
        }
        let request = hold.request();
        let (change, moves) = hold.top_up(&request, &mut free)?;
        tx.save(change).await?;
        shift(tx, &moves).await?;
    }
    Ok(())
}
