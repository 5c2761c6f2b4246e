//! When payments are planned, when they fall due, and what time does to them. No SQL.
use super::{
    domain::{PaymentMilestone, Plan},
    store,
};
use crate::contracts::domain::Contract;
use platform::{ApiError, Result, Subscriptions, Tx, calendar::Calendar};
use wire::{
    CaseId, Moment,
    contracts::ContractId,
    line::{PaymentTrigger, default_terms},
    orders::{
        OrderAccepted, OrderCancelled, OrderConfirmed, OrderId, OrderSnapshot, ShipmentDelivered, ShipmentHandedOver,
    },
};

/// Orders without a contract are planned when they are confirmed; what happens to goods makes payments due.
pub fn consumers(on: &mut Subscriptions) {
    on.on::<OrderConfirmed>("plan-payments-of-confirmed-order", plan_order);
    on.on::<ShipmentHandedOver>("due-when-shipped", shipped);
    on.on::<ShipmentDelivered>("due-when-delivered", delivered);
    on.on::<OrderAccepted>("due-when-accepted", accepted);
    on.on::<OrderCancelled>("waive-when-cancelled", cancelled);
}

/// What waits for an order's plan waits for this.
const PLAN: &str = "payment_plan";

/// In the transaction of the second signature. An order has one plan: the first.
pub async fn plan_contract(tx: &mut Tx, contract: &Contract) -> Result<()> {
    let head = &contract.head;
    if let Some(order) = head.order_id
        && !store::of_order(tx.conn(), order).await?.is_empty()
    {
        return Ok(());
    }
    let plan = Plan {
        contract_id: Some(head.id),
        order_id: head.order_id,
        plan_id: head.id.into(),
        number: head.number.clone(),
        gross: contract.totals().gross,
        terms: head.payment_terms.0.clone(),
        case_id: head.case_id,
        account_id: head.account_id,
        account_name: head.account_name.clone(),
        owner: contract.owner(),
        cause_event_id: None,
        signed_at: head.signed_at.unwrap_or(tx.stamp().at),
    };
    create(tx, plan).await
}

/// The order of a contract has its plan from there.
async fn plan_order(tx: &mut Tx, event: OrderConfirmed) -> Result<()> {
    let OrderSnapshot { order_id, number, contract_id, account_id, account_name, totals, payment_terms, .. } =
        event.order;
    if contract_id.is_some() || !store::of_order(tx.conn(), order_id).await?.is_empty() {
        return Ok(());
    }
    let plan = Plan {
        contract_id: None,
        order_id: Some(order_id),
        plan_id: order_id.into(),
        number,
        gross: totals.gross,
        terms: if payment_terms.is_empty() { default_terms() } else { payment_terms },
        case_id: tx.cause_case().unwrap_or_else(|| tx.id::<CaseId>()),
        account_id,
        account_name,
        owner: tx.stamp().ownership,
        cause_event_id: tx.cause_event().map(Into::into),
        signed_at: event.confirmed_at,
    };
    create(tx, plan).await
}

async fn create(tx: &mut Tx, plan: Plan) -> Result<()> {
    for change in plan.milestones(|| tx.id(), &tx.stamp()) {
        tx.create(change).await?;
    }
    if let Some(order) = plan.order_id {
        tx.landed(PLAN, order);
    }
    Ok(())
}

/// The milestones of a contract learn which order it became; is all of it paid or waived already? That is decided under the
/// locks of all of them: what is allocated later knows the order.
pub async fn link(tx: &mut Tx, contract: ContractId, order: OrderId) -> Result<bool> {
    let mut settled = true;
    for id in store::unlinked(tx.conn(), contract).await? {
        let milestone: PaymentMilestone = tx.load(id).await?;
        settled &= milestone.settled();
        tx.save(milestone.link(order)).await?;
    }
    tx.landed(PLAN, order);
    Ok(settled)
}

/// The first shipment counts: the terms say "on shipment", not "on the last shipment".
async fn shipped(tx: &mut Tx, event: ShipmentHandedOver) -> Result<()> {
    let at = tx.stamp().at;
    fall_due(tx, event.shipment.order_id, PaymentTrigger::Shipped, at).await
}
async fn delivered(tx: &mut Tx, event: ShipmentDelivered) -> Result<()> {
    fall_due(tx, event.shipment.order_id, PaymentTrigger::Delivered, event.delivered_at).await
}
async fn accepted(tx: &mut Tx, event: OrderAccepted) -> Result<()> {
    fall_due(tx, event.order_id, PaymentTrigger::Accepted, event.accepted_at).await
}

async fn fall_due(tx: &mut Tx, order: OrderId, trigger: PaymentTrigger, happened: Moment) -> Result<()> {
    let ids = store::of_order(tx.conn(), order).await?;
    if ids.is_empty() {
        return Err(ApiError::NotYet(format!("{PLAN}:{order}")));
    }
    for id in ids {
        let milestone: PaymentMilestone = tx.load(id).await?;
        if milestone.trigger != trigger {
            continue;
        }
        if let Some(change) = milestone.fall_due(happened)? {
            tx.save(change).await?;
        }
    }
    Ok(())
}

/// Nobody pays for a cancelled order; what was paid already is finance's business.
async fn cancelled(tx: &mut Tx, event: OrderCancelled) -> Result<()> {
    for id in store::of_order(tx.conn(), event.order_id).await? {
        let milestone: PaymentMilestone = tx.load(id).await?;
        if !milestone.settled() && milestone.paid.get().is_zero() {
            tx.save(milestone.waive(event.reason.clone(), false)?).await?;
        }
    }
    Ok(())
}

/// Tells of payments whose last day is over, a hundred at a time.
pub async fn mark_overdue(tx: &mut Tx, now: Moment) -> Result<()> {
    for id in store::late(tx.conn(), Calendar::china().day(now)).await? {
        let milestone: PaymentMilestone = tx.load(id).await?;
        if let Some(due_on) = milestone.due_on {
            tx.save(milestone.fall_overdue(due_on)?).await?;
        }
    }
    Ok(())
}
