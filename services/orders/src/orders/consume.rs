//! What orders hear: contracts, quotes, stock, money. Any order between producers, every fact twice. No SQL.
use super::{
    domain::{Entry, Order},
    store,
};
use crate::{finance_reviews, shortages};
use platform::{Machine, Result, Subscriptions, Tx};
use wire::{
    CaseId,
    contracts::{
        ContractEffective, ContractId, ContractWithdrawn, PaymentWaived, PaymentsSettled, ReceiptAllocated,
        ReceiptReversed,
    },
    crm::{AccountCreated, AccountSnapshot, AccountUpdated},
    orders::{HoldKind, OrderId, OrderStatus},
    procurement::AvailabilityAnswered,
    quoting::{
        AlternativeSnapshot, AlternativesChanged, ProductPublished, ProductRetired, ProductSnapshot, QuoteAccepted,
        Route,
    },
};

/// Replicas of customers, products and their substitutes, and the facts that move orders.
pub fn consumers(on: &mut Subscriptions) {
    on.replicate::<AccountCreated, AccountSnapshot>("keep-account-created");
    on.replicate::<AccountUpdated, AccountSnapshot>("keep-account-updated");
    on.replicate::<ProductPublished, ProductSnapshot>("keep-product-published");
    on.replicate::<ProductRetired, ProductSnapshot>("keep-product-retired");
    on.replicate::<AlternativesChanged, AlternativeSnapshot>("keep-alternative");
    on.on::<ContractEffective>("order-effective-contract", contract_effective);
    on.on::<ContractWithdrawn>("note-withdrawn-contract", contract_withdrawn);
    on.on::<QuoteAccepted>("order-accepted-quote", quote_accepted);
    on.on::<AvailabilityAnswered>("take-availability", availability_answered);
    // One handler for three facts: what settles an order and what takes that back keep their order.
    on.on::<ReceiptAllocated>(SETTLE, receipt_allocated);
    on.on::<ReceiptReversed>(SETTLE, receipt_reversed);
    on.on::<PaymentsSettled>(SETTLE, payments_settled);
    on.on::<PaymentWaived>("settle-waived-order", payment_waived);
}

const SETTLE: &str = "settle-order";

/// Creates the order, or lets the one go on that waited for this contract (ruling 13).
async fn contract_effective(tx: &mut Tx, event: ContractEffective) -> Result<()> {
    let contract = event.contract;
    let contract_id = contract.contract_id;
    if store::of_contract(tx.conn(), contract_id).await?.is_some() {
        return Ok(());
    }
    let waiting = match (contract.order_id, contract.quote_id) {
        (Some(order), _) => Some(order),
        (None, Some(quote)) => store::of_quote(tx.conn(), quote).await?,
        (None, None) => None,
    };
    if let Some(order_id) = waiting {
        let order: Order = tx.await_row(order_id).await?;
        if ended(&order) {
            return Ok(());
        }
        let change = order.covered(&contract, &tx.stamp())?;
        tx.save(change).await?;
    } else {
        let (entry, stamp) = (entry(tx).await?, tx.stamp());
        tx.bind_refs("order", entry.id, &contract.external_refs).await?;
        let change = Order::from_contract(entry, contract, || tx.id(), &stamp);
        tx.create(change).await?;
    }
    Ok(())
}

/// Drafts the order of a quote that needs no contract first (ruling 13).
async fn quote_accepted(tx: &mut Tx, event: QuoteAccepted) -> Result<()> {
    if event.route != Route::Order || store::of_quote(tx.conn(), event.quote.quote_id).await?.is_some() {
        return Ok(());
    }
    let (entry, stamp) = (entry(tx).await?, tx.stamp());
    tx.bind_refs("order", entry.id, &event.quote.external_refs).await?;
    let change = Order::from_quote(entry, event.quote, || tx.id(), &stamp);
    tx.create(change).await.map(drop)
}

/// Stock is held, or short (ruling 9): the order and its shortage learn it together. An answer that the order does not wait
/// for (any more) changes nothing.
async fn availability_answered(tx: &mut Tx, answer: AvailabilityAnswered) -> Result<()> {
    let order: Order = tx.await_row(answer.order_id).await?;
    if !order.awaits(&answer) {
        return Ok(());
    }
    let waited = order.head.status == OrderStatus::Submitted;
    let shortages = shortages::follow(tx, &order, &answer).await?;
    let briefs = shortages.iter().map(shortages::Followed::brief).collect();
    let change = order.answered(&answer, briefs, tx.id(), &tx.stamp())?;
    let order = tx.save(change).await?;
    for shortage in shortages {
        shortage.keep(tx).await?;
    }
    if waited && order.head.status == OrderStatus::Checked {
        finance_reviews::open(tx, &order).await?;
    }
    Ok(())
}

/// The contract that an order waits for will never bind; the order says so and waits for another (ruling 13).
async fn contract_withdrawn(tx: &mut Tx, event: ContractWithdrawn) -> Result<()> {
    let Some(order_id) = event.order_id else { return Ok(()) };
    let order: Order = tx.await_row(order_id).await?;
    if order.holds_now(HoldKind::ContractRequired) && order.may("lose_contract").is_ok() {
        tx.save(order.lost_contract(&event.number, &event.reason)?).await?;
    }
    Ok(())
}

/// The last payment; with the acceptance it completes the order, whichever came first.
async fn receipt_allocated(tx: &mut Tx, receipt: ReceiptAllocated) -> Result<()> {
    if receipt.settled { settle(tx, receipt.order_id, receipt.contract_id).await } else { Ok(()) }
}

/// Money that settled the order was not there after all. An order that has ended stays so: finance runs after the money.
async fn receipt_reversed(tx: &mut Tx, reversed: ReceiptReversed) -> Result<()> {
    if reversed.waived {
        return Ok(());
    }
    let Some(order_id) = paid_order(tx, reversed.order_id, reversed.contract_id).await? else { return Ok(()) };
    let order: Order = tx.await_row(order_id).await?;
    if !ended(&order) && order.head.moments.0.settled_at.is_some() {
        tx.save(order.unsettle(reversed.reason)?).await?;
    }
    Ok(())
}

/// Its contract was paid before it was there.
async fn payments_settled(tx: &mut Tx, settled: PaymentsSettled) -> Result<()> {
    settle(tx, Some(settled.order_id), None).await
}

/// What was still open is waived: that ends the waiting for money as the last payment does.
async fn payment_waived(tx: &mut Tx, waived: PaymentWaived) -> Result<()> {
    if waived.settled { settle(tx, waived.order_id, waived.contract_id).await } else { Ok(()) }
}

async fn settle(tx: &mut Tx, order: Option<OrderId>, contract: Option<ContractId>) -> Result<()> {
    let Some(order_id) = paid_order(tx, order, contract).await? else { return Ok(()) };
    let order: Order = tx.await_row(order_id).await?;
    if ended(&order) || order.head.moments.0.settled_at.is_some() {
        return Ok(());
    }
    let stamp = tx.stamp();
    let order = tx.save(order.settle(&stamp)?).await?;
    if order.head.status == OrderStatus::Accepted {
        tx.save(order.complete(&stamp)?).await?;
    }
    Ok(())
}

/// None while the contract has no order here: contracts tells whether all is paid once more when it learns of the order.
async fn paid_order(tx: &mut Tx, order: Option<OrderId>, contract: Option<ContractId>) -> Result<Option<OrderId>> {
    match (order, contract) {
        (None, Some(contract)) => Ok(store::of_contract(tx.conn(), contract).await?),
        (order, _) => Ok(order),
    }
}

fn ended(order: &Order) -> bool {
    matches!(order.head.status, OrderStatus::Completed | OrderStatus::Cancelled)
}

async fn entry(tx: &mut Tx) -> Result<Entry> {
    Ok(Entry {
        id: tx.id(),
        number: tx.next_number("order").await?,
        case_id: tx.cause_case().unwrap_or_else(|| tx.id::<CaseId>()),
        entered_as: None,
        cause_event_id: tx.cause_event().map(Into::into),
    })
}
