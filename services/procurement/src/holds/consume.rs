//! What orders asks and tells: hold, ship, take back, write off, set free (ruling 9). No SQL.
//! Locks are always taken in one order: the hold, then its stock by sku and place; so nobody waits in a ring.
//! Each handler works whatever came before it: a request after its cancellation holds nothing, a shipment waits for its hold.
use super::{
    domain::{Birth, Hold},
    plan::{self, Free, Issues, Moves},
    store, top_up,
};
use crate::{
    items,
    stock::{
        self,
        domain::{Scrapped, Shipped, Stock},
    },
};
use platform::{ApiError, Result, Subscriptions, Tx};
use std::collections::HashMap;
use wire::{
    orders::{
        AvailabilityRequested, NonconformityScrapped, OrderCancelled, OrderId, ShipmentHandedOver, ShipmentReturned,
        ShipmentSnapshot, WantedLine,
    },
    procurement::{ItemId, StockEntryKind, StockId},
};

/// Everything about orders that moves stock.
pub fn consumers(on: &mut Subscriptions) {
    on.on::<AvailabilityRequested>("hold-stock", requested)
        .on::<ShipmentHandedOver>("issue-stock", handed_over)
        .on::<ShipmentReturned>("take-back-stock", returned)
        .on::<NonconformityScrapped>("write-off-stock", scrapped)
        .on::<OrderCancelled>("release-stock", cancelled);
    top_up::consumers(on);
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
    let hold = awaited(tx, shipment.order_id).await?;
    if stock::store::is_booked(tx.conn(), shipment.shipment_id, StockEntryKind::Issue).await? {
        return Ok(());
    }
    lock(tx, &hold).await?;
    let stamp = tx.stamp();
    let (change, issues) = hold.ship(&shipment.lines, &stamp)?;
    tx.save(change).await?;
    let why = why(tx, &shipment);
    for (id, parts) in issues {
        let stock: Stock = tx.load(id).await?;
        let change = stock.issue(&parts, why, || tx.id(), &stamp)?;
        tx.save(change).await?;
    }
    tx.landed(ISSUED, shipment.shipment_id);
    Ok(())
}

/// What came back lies where it lay, and can be shipped again.
async fn returned(tx: &mut Tx, event: ShipmentReturned) -> Result<()> {
    let shipment = event.shipment;
    let hold = awaited(tx, shipment.order_id).await?;
    if stock::store::is_booked(tx.conn(), shipment.shipment_id, StockEntryKind::Return).await? {
        return Ok(());
    }
    let mut back = Issues::new();
    for (stock, line, quantity) in stock::store::issued(tx.conn(), shipment.shipment_id).await? {
        back.entry(stock).or_default().push((line, quantity));
    }
    if back.is_empty() {
        return Err(ApiError::NotYet(format!("{ISSUED}:{}", shipment.shipment_id)));
    }
    lock(tx, &hold).await?;
    let hold = tx.save(hold.take_back(&back)?).await?;
    let (why, stamp) = (why(tx, &shipment), tx.stamp());
    for (id, parts) in back {
        let stock: Stock = tx.load(id).await?;
        let change = stock.take_back(&parts, why, !hold.is_closed(), || tx.id(), &stamp);
        tx.save(change).await?;
    }
    Ok(())
}

/// What quality gave up is neither held nor on hand any more.
async fn scrapped(tx: &mut Tx, event: NonconformityScrapped) -> Result<()> {
    let NonconformityScrapped { quantity, reason, nonconformity } = event;
    let hold = awaited(tx, nonconformity.order_id).await?;
    if stock::store::is_scrapped(tx.conn(), nonconformity.nonconformity_id).await? {
        return Ok(());
    }
    lock(tx, &hold).await?;
    let (change, lost) =
        hold.scrap(&WantedLine { line_id: nonconformity.line_id, sku: nonconformity.sku, quantity })?;
    tx.save(change).await?;
    let why = Scrapped {
        order_id: nonconformity.order_id,
        nonconformity_id: nonconformity.nonconformity_id,
        reason,
        cause_event_id: tx.cause_event().map(Into::into),
    };
    let stamp = tx.stamp();
    for (id, parts) in lost {
        let stock: Stock = tx.load(id).await?;
        let change = stock.scrap(&parts, &why, || tx.id(), &stamp)?;
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

/// What a shipment waits for that came before its hold.
const WAITING: &str = "order_hold";
/// What its return waits for.
const ISSUED: &str = "shipment_issue";

fn why(tx: &Tx, shipment: &ShipmentSnapshot) -> Shipped {
    let ShipmentSnapshot { order_id, shipment_id, .. } = *shipment;
    Shipped { order_id, shipment_id, cause_event_id: tx.cause_event().map(Into::into) }
}

/// The order's hold, if it has come.
async fn awaited(tx: &mut Tx, order: OrderId) -> Result<Hold> {
    of_order(tx, order).await?.ok_or_else(|| ApiError::NotYet(format!("{WAITING}:{order}")))
}

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
pub(super) async fn free(tx: &mut Tx, skus: &[&str]) -> Result<Vec<Free>> {
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

pub(super) async fn shift(tx: &mut Tx, moves: &Moves) -> Result<()> {
    for (&id, &change) in moves {
        let stock: Stock = tx.load(id).await?;
        let change = if change.is_sign_negative() { stock.free(-change)? } else { stock.hold(change)? };
        tx.save(change).await?;
    }
    Ok(())
}
