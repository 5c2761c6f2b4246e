//! What decides a waiver and what uses it up. No SQL.
use super::{domain::SourcingWaiver, store};
use platform::{Decided, Result, Subscriptions, Tx};
use wire::{
    approval::Verdict,
    procurement::{PurchaseOrderSent, SourcingWaiverId},
};

/// An order to the waived supplier uses the waiver up.
pub fn consumers(on: &mut Subscriptions) {
    on.on::<PurchaseOrderSent>("use-sourcing-waiver", ordered);
}

/// In the transaction of the last vote.
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let waiver: SourcingWaiver = tx.load(SourcingWaiverId(decided.subject)).await?;
    let stamp = tx.stamp();
    let change = match decided.verdict {
        Verdict::Approved => waiver.approve(&stamp)?,
        Verdict::Rejected => waiver.reject(decided.comment.unwrap_or_default(), &stamp)?,
    };
    tx.save(change).await.map(drop)
}

/// Told twice, or of an order without a waiver, it finds nothing to use.
async fn ordered(tx: &mut Tx, event: PurchaseOrderSent) -> Result<()> {
    let order = event.purchase_order;
    let stamp = tx.stamp();
    for id in store::usable(tx.conn(), order.supplier_id, &order.requisition_ids).await? {
        let waiver: SourcingWaiver = tx.load(id).await?;
        if waiver.is_approved() {
            tx.save(waiver.use_up(&stamp)?).await?;
        }
    }
    Ok(())
}
