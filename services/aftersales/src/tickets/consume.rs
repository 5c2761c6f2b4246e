//! What tickets hear, and what time does to them. No SQL.
use super::{
    domain::{Ticket, report::KnownOrder},
    store,
};
use platform::{Change, Result, Stamp, Subscriptions, Tx};
use wire::{
    Moment,
    aftersales::TicketId,
    crm::{AccountCreated, AccountSnapshot, AccountUpdated, ContactCreated, ContactSnapshot, ContactUpdated},
    orders::OrderCreated,
};

/// Customers, their people and their orders: what a ticket may name.
pub fn consumers(on: &mut Subscriptions) {
    on.replicate::<AccountCreated, AccountSnapshot>("keep-account-created");
    on.replicate::<AccountUpdated, AccountSnapshot>("keep-account-updated");
    on.replicate::<ContactCreated, ContactSnapshot>("keep-contact-created");
    on.replicate::<ContactUpdated, ContactSnapshot>("keep-contact-updated");
    on.on::<OrderCreated>("keep-order", keep_order);
}

async fn keep_order(tx: &mut Tx, event: OrderCreated) -> Result<()> {
    let (order, owner) = (event.order, tx.stamp().ownership);
    let known = KnownOrder {
        order_id: order.order_id,
        number: order.number,
        account_id: order.account_id,
        case_id: tx.cause_case(),
        owner_id: owner.owner_id,
        team_id: owner.team_id,
    };
    Ok(store::keep_order(tx.conn(), &known).await?)
}

/// Marks those whose first response is late (SVC-03), a hundred at a time.
pub async fn find_unanswered(tx: &mut Tx, now: Moment) -> Result<()> {
    let due = store::unanswered(tx.conn(), now).await?;
    mark(tx, due, Ticket::miss_response).await
}

/// Warns of those with a quarter of the promised time left (SVC-04), a hundred at a time.
pub async fn warn(tx: &mut Tx, now: Moment) -> Result<()> {
    let due = store::to_warn(tx.conn(), now).await?;
    mark(tx, due, Ticket::warn).await
}

/// Marks those whose promise is broken (SVC-04), a hundred at a time.
pub async fn breach(tx: &mut Tx, now: Moment) -> Result<()> {
    let due = store::to_breach(tx.conn(), now).await?;
    mark(tx, due, Ticket::breach).await
}

async fn mark(tx: &mut Tx, due: Vec<TicketId>, step: fn(Ticket, &Stamp) -> Result<Change<Ticket>>) -> Result<()> {
    let stamp = tx.stamp();
    for id in due {
        let ticket: Ticket = tx.load(id).await?;
        // Someone may have answered, solved or promised anew while this waited for the lock.
        if let Ok(change) = step(ticket, &stamp) {
            tx.save(change).await?;
        }
    }
    Ok(())
}
