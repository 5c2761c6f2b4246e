//! What requisitions hear, and what time does to them. No SQL.
//! Each handler works whatever came before it: a shortage of a cancelled order drafts nothing, a purchase order that has
//! arrived is not sent again.
use super::{
    domain::{Birth, Origin, Progress, Requisition, Wish},
    store,
    supply::{self, Missing},
};
use crate::{
    holds,
    items::{self, domain::Item},
    suppliers,
};
use platform::{Decided, Result, Subscriptions, Tx};
use rust_decimal::Decimal;
use std::collections::HashSet;
use wire::{
    CaseId, Moment, Quantity,
    approval::Verdict,
    orders::{OrderCancelled, ShortLine, ShortageDecided, ShortageDecision},
    procurement::{
        HoldStatus, ItemId, ItemStatus, PurchaseOrderCancelled, PurchaseOrderReceived, PurchaseOrderSent,
        PurchaseOrderSnapshot, RequisitionPriority as Priority, RequisitionSource as Source, SupplierId,
    },
};

/// Shortages of orders, and the purchase orders that cover requisitions.
pub fn consumers(on: &mut Subscriptions) {
    on.on::<ShortageDecided>("requisition-short-goods", shortage_decided)
        .on::<OrderCancelled>("cancel-requisitions-of-order", order_cancelled)
        .on::<PurchaseOrderSent>("requisition-ordered", sent)
        .on::<PurchaseOrderReceived>("requisition-received", received)
        .on::<PurchaseOrderCancelled>("requisition-order-cancelled", cancelled);
}

/// In the transaction of the last vote.
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let requisition: Requisition = tx.load(decided.subject.into()).await?;
    let stamp = tx.stamp();
    let change = match decided.verdict {
        Verdict::Approved => requisition.approve(&stamp)?,
        Verdict::Rejected => requisition.reject(decided.comment.unwrap_or_default(), &stamp)?,
    };
    tx.save(change).await.map(drop)
}

/// Buys what is short now (PRO-08) and not on its way for this shortage, in a hurry if so decided (PRO-09): a second decision
/// buys only what has come to be short since, or what was refused. A substitute needs nothing bought.
async fn shortage_decided(tx: &mut Tx, event: ShortageDecided) -> Result<()> {
    let priority = match event.decision {
        ShortageDecision::Substitute => return Ok(()),
        ShortageDecision::Expedite => Priority::Urgent,
        ShortageDecision::Backorder | ShortageDecision::Split => Priority::Normal,
    };
    let shortage = event.shortage;
    let hold = match holds::store::of_order(tx.conn(), shortage.order_id).await? {
        Some(hold) => holds::store::find(tx.conn(), hold).await?,
        None => None,
    };
    if hold.as_ref().is_some_and(|hold| hold.head.status == HoldStatus::Released) {
        return Ok(());
    }
    let known = store::of_shortage(tx.conn(), shortage.shortage_id).await?;
    if priority == Priority::Urgent {
        expedite(tx, known).await?;
    }
    let coming = store::coming_for(tx.conn(), shortage.shortage_id).await?;
    if coming.contains_key(&None) {
        return Ok(()); // a buyer took the order's line off: nobody can say what it is for, so nothing is bought twice
    }
    let unmet = |line: &ShortLine| {
        // What has been set aside since is not short any more, whatever the order knew when this was decided.
        let short =
            hold.as_ref().and_then(|hold| hold.short_of(line.line_id)).map_or(line.short, |now| now.min(line.short));
        let coming = coming.get(&Some(line.line_id)).copied().unwrap_or_default();
        Quantity::new((short.get() - coming.get()).max(Decimal::ZERO))
    };
    let skus: Vec<&str> = shortage.lines.iter().map(|line| line.sku.as_str()).collect();
    let items = items::store::sold_as(tx.conn(), &skus).await?;
    let of = |sku: &str| items.iter().find(|item| item.status == ItemStatus::Active && item.sold_as() == sku).cloned();
    let missing = shortage.lines.iter().filter(|line| unmet(line) > Quantity::ZERO).map(|line| Missing {
        sku: line.sku.clone(),
        item: of(&line.sku),
        quantity: unmet(line),
        needed_on: shortage.needed_on,
        order_line_id: Some(line.line_id),
    });
    let purpose = format!("订单 {0} 缺货补货 / goods short for order {0}", shortage.order_number);
    let wishes = wishes(tx, missing.collect(), Source::Order, priority, &purpose).await?;
    let origin = Origin { order_id: Some(shortage.order_id), shortage_id: Some(shortage.shortage_id), cause: None };
    let case = tx.cause_case().unwrap_or_else(|| tx.id());
    for (wish, part) in wishes.into_iter().zip(1..) {
        let origin = Origin { cause: tx.cause_event().map(|event| (event.into(), part)), ..origin };
        draft(tx, wish, origin, case).await?;
    }
    Ok(())
}

async fn expedite(tx: &mut Tx, ids: Vec<wire::procurement::RequisitionId>) -> Result<()> {
    let stamp = tx.stamp();
    for id in ids {
        let requisition: Requisition = tx.load(id).await?;
        if let Some(change) = requisition.expedite(&stamp)? {
            tx.save(change).await?;
        }
    }
    Ok(())
}

/// What is still only a draft is not needed any more; what was asked for already is for people to decide.
async fn order_cancelled(tx: &mut Tx, event: OrderCancelled) -> Result<()> {
    for id in store::drafted_for(tx.conn(), event.order_id).await? {
        let requisition: Requisition = tx.load(id).await?;
        tx.save(requisition.cancel(format!("订单 {0} 已取消 / order {0} was cancelled", event.number))?).await?;
    }
    Ok(())
}

async fn sent(tx: &mut Tx, event: PurchaseOrderSent) -> Result<()> {
    track(tx, &event.purchase_order, Progress::Sent).await
}
async fn received(tx: &mut Tx, event: PurchaseOrderReceived) -> Result<()> {
    track(tx, &event.purchase_order, Progress::Received).await
}
async fn cancelled(tx: &mut Tx, event: PurchaseOrderCancelled) -> Result<()> {
    track(tx, &event.purchase_order, Progress::Cancelled).await
}

/// Locks in the order of ids, so that two purchase orders of the same requisitions do not wait in a ring.
async fn track(tx: &mut Tx, order: &PurchaseOrderSnapshot, progress: Progress) -> Result<()> {
    let mut ids = order.requisition_ids.clone();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let requisition: Requisition = tx.load(id).await?;
        if let Some(change) = requisition.track(order, progress)? {
            tx.save(change).await?;
        }
    }
    Ok(())
}

/// Drafts requisitions of what is running low (PRO-08); what is drafted counts as on its way, so a second run drafts nothing.
pub async fn reorder(tx: &mut Tx, _: Moment) -> Result<()> {
    let low = store::low(tx.conn()).await?;
    if low.is_empty() {
        return Ok(());
    }
    let ids: Vec<ItemId> = low.iter().map(|low| low.item_id.into()).collect();
    let items = items::store::find_all(tx.conn(), &ids).await?;
    let missing = |item: Item| {
        let low = low.iter().find(|low| ItemId::from(low.item_id) == item.id)?;
        let (sku, quantity) = (item.sku.clone(), Quantity::new(low.missing));
        Some(Missing { sku, item: Some(item), quantity, needed_on: None, order_line_id: None })
    };
    let missing = items.into_iter().filter_map(missing).collect();
    let purpose = "库存低于补货点 / stock is below its reorder level";
    for wish in wishes(tx, missing, Source::Reorder, Priority::Normal, purpose).await? {
        let case = tx.id();
        draft(tx, wish, Origin::default(), case).await?;
    }
    Ok(())
}

/// Marks what should have been ordered by now, once, a hundred at a time.
pub async fn mark_overdue(tx: &mut Tx, now: Moment) -> Result<()> {
    for id in store::late(tx.conn(), now).await? {
        let requisition: Requisition = tx.load(id).await?;
        tx.save(requisition.mark_overdue()?).await?;
    }
    Ok(())
}

async fn wishes(
    tx: &mut Tx,
    missing: Vec<Missing>,
    source: Source,
    priority: Priority,
    purpose: &str,
) -> Result<Vec<Wish>> {
    let preferred = |one: &Missing| one.item.as_ref().and_then(|item| item.preferred_supplier_id);
    let preferred: Vec<SupplierId> = missing.iter().filter_map(preferred).collect();
    let usable: HashSet<SupplierId> = suppliers::store::usable(tx.conn(), &preferred).await?.into_iter().collect();
    Ok(supply::wishes(missing, &usable, source, priority, purpose))
}

async fn draft(tx: &mut Tx, wish: Wish, origin: Origin, case_id: CaseId) -> Result<()> {
    let number = tx.next_number("requisition").await?;
    let birth = Birth { id: tx.id(), number, case_id };
    let change = Requisition::auto_draft(birth, wish, origin, || tx.id(), &tx.stamp())?;
    tx.create(change).await.map(drop)
}
