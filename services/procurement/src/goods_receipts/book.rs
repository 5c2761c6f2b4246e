//! What an inspection leads to, in one transaction: the receipt, the order, the discrepancies, the stock (PRO-29, 31).
//! Locks in one order: the receipt, its order, the items, the stock.
use super::{domain::GoodsReceipt, lines::LineRow};
use crate::{
    purchase_orders::domain::{Outcome, Part, PurchaseOrder},
    receipt_discrepancies::domain::Discrepancy,
    stock::{self, Incoming, domain::Delivered},
};
use platform::{Change, Result, Tx};
use wire::{Quantity, procurement::DiscrepancyId};

/// So much of the order's line that this line of a delivery counts for.
pub fn part(line: &LineRow, quantity: Quantity) -> Part {
    Part { line_id: line.purchase_order_line_id, quantity }
}

/// Writes a finished inspection and all that follows from it.
pub(super) async fn finish(tx: &mut Tx, change: Change<GoodsReceipt>, order: PurchaseOrder) -> Result<GoodsReceipt> {
    let stamp = tx.stamp();
    let receipt = tx.save(change).await?;
    let findings = receipt.findings();
    let taken: Vec<Part> = accepted(&receipt).map(|line| part(line, line.accepted)).collect();
    let opened = i32::try_from(findings.len()).unwrap_or(i32::MAX);
    let outcome = Outcome { taken, opened, ..Outcome::default() };
    tx.save(order.take_in(&outcome, &stamp)?).await?;
    for finding in findings {
        let number = tx.next_number("discrepancy").await?;
        let change = Discrepancy::find(tx.id(), number, &receipt, finding, &stamp);
        tx.create(change).await?;
    }
    let goods = accepted(&receipt).map(|line| (line.clone(), line.accepted)).collect();
    shelve(tx, &receipt, goods, None).await?;
    Ok(receipt)
}

/// Goods of a delivery go into stock; `discrepancy` is the one that let them through, if one did.
pub async fn shelve(
    tx: &mut Tx,
    receipt: &GoodsReceipt,
    goods: Vec<(LineRow, Quantity)>,
    discrepancy: Option<DiscrepancyId>,
) -> Result<()> {
    let incoming = |(line, quantity): (LineRow, Quantity)| Incoming {
        sku: line.sku,
        item_id: line.item_id,
        location: line.location,
        quantity,
        delivered: Delivered {
            purchase_order_id: receipt.head.purchase_order_id,
            purchase_order_line_id: line.purchase_order_line_id,
            goods_receipt_id: receipt.head.id,
            goods_receipt_line_id: line.id,
            discrepancy_id: discrepancy,
        },
    };
    stock::receive(tx, goods.into_iter().map(incoming).collect()).await
}

/// Lines of which something passed.
pub(super) fn accepted(receipt: &GoodsReceipt) -> impl Iterator<Item = &LineRow> {
    receipt.lines.iter().filter(|line| line.accepted > Quantity::ZERO)
}
