//! What revisits hear and what time does to them. No SQL.
use super::{
    domain::{Birth, Revisit},
    store,
};
use platform::{Result, Subscriptions, Tx};
use wire::{Moment, orders::ShipmentDelivered};

/// A delivery plans a revisit (D-11).
pub fn consumers(on: &mut Subscriptions) {
    on.on::<ShipmentDelivered>("plan-revisit", delivered);
}

/// One revisit a shipment, however often its delivery is told.
async fn delivered(tx: &mut Tx, event: ShipmentDelivered) -> Result<()> {
    if store::is_planned(tx.conn(), event.shipment.shipment_id).await? {
        return Ok(());
    }
    let number = tx.next_number("revisit").await?;
    let birth =
        Birth { id: tx.id(), number, case_id: tx.cause_case(), cause_event_id: tx.cause_event().map(Into::into) };
    let change = Revisit::schedule(birth, event, &tx.stamp());
    tx.create(change).await.map(drop)
}

/// Marks what is late, a hundred at a time.
pub async fn find_overdue(tx: &mut Tx, now: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for id in store::overdue(tx.conn(), now).await? {
        let revisit: Revisit = tx.load(id).await?;
        // Someone may have reached the customer while this waited for the lock.
        if let Ok(change) = revisit.overdue(&stamp) {
            tx.save(change).await?;
        }
    }
    Ok(())
}
