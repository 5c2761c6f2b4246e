//! What approvals do to purchase orders. No SQL.
use super::domain::PurchaseOrder;
use platform::{Decided, Result, Tx};
use wire::{approval::Verdict, procurement::PurchaseOrderId};

/// In the transaction of the last vote; a final number is given only to what is approved (ruling 10).
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let order: PurchaseOrder = tx.load(PurchaseOrderId(decided.subject)).await?;
    let change = match decided.verdict {
        Verdict::Approved => {
            let number = tx.next_number("purchase_order").await?;
            order.approve(number, &tx.stamp())?
        }
        Verdict::Rejected => order.returned(decided.comment.unwrap_or_default())?,
    };
    tx.save(change).await.map(drop)
}
