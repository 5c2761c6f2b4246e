//! Goods go into stock: the one way in which a purchase becomes a balance (PRO-29). Locks like everyone: first the items,
//! so that nobody else opens a place of them, then the balances by sku and place. Refuses nothing: who calls has inspected.
use super::{
    domain::{Delivered, Stock},
    store,
};
use crate::items;
use platform::{Result, Tx};
use wire::{Quantity, procurement::ItemId};

/// So much of an item, into this place.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub sku: String,
    pub item_id: ItemId,
    pub location: String,
    pub quantity: Quantity,
    pub delivered: Delivered,
}

/// Books all of it.
pub async fn receive(tx: &mut Tx, mut incoming: Vec<Incoming>) -> Result<()> {
    incoming.sort_by(|one, other| (&one.sku, &one.location).cmp(&(&other.sku, &other.location)));
    let skus: Vec<&str> = incoming.iter().map(|one| one.sku.as_str()).collect();
    items::store::lock_by_skus(tx.conn(), &skus).await?;
    let stamp = tx.stamp();
    for Incoming { sku, item_id, location, quantity, delivered } in incoming {
        let parts = (quantity, delivered);
        if let Some(id) = store::at(tx.conn(), item_id, &location).await? {
            let stock: Stock = tx.load(id).await?;
            let change = stock.receive(parts, tx.id(), &stamp)?;
            tx.save(change).await?;
        } else {
            let change = Stock::first(tx.id(), (sku, item_id), location, parts, tx.id(), &stamp);
            tx.create(change).await?;
        }
    }
    Ok(())
}
