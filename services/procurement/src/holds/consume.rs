//! What orders asks and tells: hold, ship, set free (ruling 9); and what the warehouse took in. No SQL.
//! Locks are always taken in one order: the hold, then its stock by sku and place; so nobody waits in a ring.
//! Each handler works whatever came before it: a request after its cancellation holds nothing, a shipment waits for its hold.
use super::{
    domain::{Birth, Hold},
    plan::{self, Free, Moves},
    store,
};
use crate::{
    items,
    stock::{
        self,
        domain::{Shipped, Stock},
    },
};
use platform::{ApiError, Result, Subscriptions, Tx};
use std::collections::{HashMap, HashSet};
use wire::{
    orders::{AvailabilityRequested, OrderCancelled, OrderId, ShipmentHandedOver},
    procurement::{ItemId, StockId, StockReceived},
};

/// Everything about orders that moves stock.
pub fn consumers(on: &mut Subscriptions) {
    on.on::<AvailabilityRequested>("hold-stock", requested)
        .on::<ShipmentHandedOver>("issue-stock", handed_over)
        .on::<OrderCancelled>("release-stock", cancelled)
        .on::<StockReceived>("top-up-holds", received);
}

/// Holds as much as there is, and answers.
async fn requested(tx: &mut Tx, request: AvailabilityRequested) -> Result<()> {
    let known = of_order(tx, request.order_id).await?;
    if known.as_ref().is_some_and(Hold::is_closed) {
        return Ok(());
    }
    let mut skus: Vec<&str> = request.lines.iter().map(|line| line.sku.as_str()).collect();
    skus.extend(known.iter().flat_map(Hold::skus));
    let mut free = free(tx, &skus).await?;
    plan::reserve(&mut free, store::owed(tx.conn(), &skus, request.order_id).await?);
    let moves = if let Some(hold) = known {
        let (change, moves) = hold.top_up(&request, &mut free)?;
        tx.save(change).await?;
        moves
    } else {
        let birth = birth(tx).await?;
        let (change, moves) = Hold::place(birth, &request, &mut free, &tx.stamp())?;
        tx.landed(WAITING, request.order_id);
        tx.create(change).await?;
        moves
    };
    shift(tx, &moves).await
}

/// What was handed to the carrier leaves the stock.
async fn handed_over(tx: &mut Tx, event: ShipmentHandedOver) -> Result<()> {
    let shipment = event.shipment;
    let waits = || ApiError::NotYet(format!("{WAITING}:{}", shipment.order_id));
    let hold = of_order(tx, shipment.order_id).await?.ok_or_else(waits)?;
    if stock::store::is_issued(tx.conn(), shipment.shipment_id).await? {
        return Ok(());
    }
    lock(tx, &hold).await?;
    let stamp = tx.stamp();
    let (change, issues) = hold.ship(&shipment.lines, &stamp)?;
    tx.save(change).await?;
    let shipped = Shipped {
        order_id: shipment.order_id,
        shipment_id: shipment.shipment_id,
        cause_event_id: tx.cause_event().map(Into::into),
    };
    for (id, parts) in issues {
        let stock: Stock = tx.load(id).await?;
        let change = stock.issue(&parts, shipped, || tx.id(), &stamp)?;
        tx.save(change).await?;
    }
    Ok(())
}

/// What was held is free again.
async fn cancelled(tx: &mut Tx, event: OrderCancelled) -> Result<()> {
    let Some(hold) = of_order(tx, event.order_id).await? else {
        let birth = birth(tx).await?;
        let change = Hold::stillborn(birth, &event, &tx.stamp());
        tx.landed(WAITING, event.order_id);
        return tx.create(change).await.map(drop);
    };
    if hold.is_closed() {
        return Ok(());
    }
    lock(tx, &hold).await?;
    let (change, moves) = hold.release(&event.reason, &tx.stamp())?;
    tx.save(change).await?;
    shift(tx, &moves).await
}

/// What came in goes to the holds that are short of it, first to whom it was bought for, then by age; each that gets something is answered again, so that
/// its order goes on. All holds are locked before any stock is.
async fn received(tx: &mut Tx, event: StockReceived) -> Result<()> {
    let Some(item) = items::store::find(tx.conn(), event.item_id).await? else { return Ok(()) };
    let sku = item.sold_as();
    let first = store::short_of(tx.conn(), sku, event.purchase_order_id).await?;
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
    let skus: HashSet<&str> = holds.iter().flat_map(Hold::skus).collect();
    let mut free = free(tx, &skus.into_iter().collect::<Vec<_>>()).await?;
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

/// What a shipment waits for that came before its hold.
const WAITING: &str = "order_hold";

async fn of_order(tx: &mut Tx, order: OrderId) -> Result<Option<Hold>> {
    match store::of_order(tx.conn(), order).await? {
        Some(id) => tx.try_load(id).await,
        None => Ok(None),
    }
}

async fn birth(tx: &mut Tx) -> Result<Birth> {
    let number = tx.next_number("hold").await?;
    Ok(Birth { id: tx.id(), number, case_id: tx.cause_case(), cause_event_id: tx.cause_event().map(Into::into) })
}

/// What there is of these skus, as orders call them; locked until the transaction ends.
async fn free(tx: &mut Tx, skus: &[&str]) -> Result<Vec<Free>> {
    let items = items::store::sold_as(tx.conn(), skus).await?;
    let names: HashMap<ItemId, &str> = items.iter().map(|item| (item.id, item.sold_as())).collect();
    let ids: Vec<ItemId> = names.keys().copied().collect();
    let rows = stock::store::lock_items(tx.conn(), &ids).await?;
    let free = |row: stock::domain::Row| {
        let sku = names.get(&row.item_id).map(ToString::to_string)?;
        Some(Free { stock_id: row.id, sku, quantity: row.on_hand.get() - row.held.get() })
    };
    Ok(rows.into_iter().filter_map(free).collect())
}

async fn lock(tx: &mut Tx, hold: &Hold) -> Result<()> {
    let ids: Vec<StockId> = hold.places.iter().map(|place| place.stock_id).collect();
    stock::store::lock_all(tx.conn(), &ids).await?;
    Ok(())
}

async fn shift(tx: &mut Tx, moves: &Moves) -> Result<()> {
    for (&id, &change) in moves {
        let stock: Stock = tx.load(id).await?;
        let change = if change.is_sign_negative() { stock.free(-change)? } else { stock.hold(change)? };
        tx.save(change).await?;
    }
    Ok(())
}
