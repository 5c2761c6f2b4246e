//! What time does to acceptances. No SQL.
use super::{domain::Acceptance, store};
use crate::orders::domain::Order;
use platform::{Machine, Result, Tx};
use wire::{Moment, orders::AcceptanceStatus};

/// Takes the steps of the invitations whose next one has come, a hundred at a time; the order is locked first, as ever.
pub async fn chase_acceptances(tx: &mut Tx, now: Moment) -> Result<()> {
    let stamp = tx.stamp();
    for (id, order_id) in store::to_chase(tx.conn(), now).await? {
        let order: Order = tx.load(order_id).await?;
        let acceptance: Acceptance = tx.load(id).await?;
        if acceptance.may("chase").is_err() {
            continue;
        }
        let acceptance = tx.save(acceptance.chase(&stamp)?).await?;
        if acceptance.status == AcceptanceStatus::Accepted {
            accepted(tx, order).await?;
        }
    }
    Ok(())
}

/// The order is accepted; if all is paid it is completed.
pub(super) async fn accepted(tx: &mut Tx, order: Order) -> Result<()> {
    let stamp = tx.stamp();
    let order = tx.save(order.accept(&stamp)?).await?;
    if order.settled() {
        tx.save(order.complete(&stamp)?).await?;
    }
    Ok(())
}
