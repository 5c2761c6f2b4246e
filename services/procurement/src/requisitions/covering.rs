//! How purchase orders cover a requisition line by line, and what state that makes (PRO-02). Pure, like `domain`.
use super::domain::{Covered, Progress, Requisition};
use platform::{Change, Machine, Refused};
use rust_decimal::Decimal;
use uuid::Uuid;
use wire::{
    Quantity,
    procurement::{PurchaseOrderSnapshot, PurchasedLine, RequisitionStatus as Status},
};

/// What of a line an order covers: all that was ordered, and in the end what came of it, so that what was returned or
/// credited can be bought again.
fn covers(line: &PurchasedLine, progress: Progress) -> Quantity {
    if progress == Progress::Received { line.received } else { line.ordered }
}

impl Requisition {
    /// A purchase order that names lines of it was sent, has arrived or was cancelled; `None` if that says nothing new.
    /// Ordered is what live orders cover in full, closed what has all arrived, and approved again what they no longer cover.
    pub fn track(self, order: &PurchaseOrderSnapshot, progress: Progress) -> Result<Option<Change<Self>>, Refused> {
        if self.may("order").is_err() {
            return Ok(None);
        }
        let before = self.covered.clone();
        let mut next = self.next();
        next.cover(order, progress);
        if next.covered == before {
            return Ok(None);
        }
        next.covered_changed = true;
        next.head.status = next.reached();
        Ok(Some(Change::new("order", next)))
    }
    /// Ordered of a line by purchase orders that still stand.
    pub fn ordered(&self, line_id: Uuid) -> Decimal {
        self.live().filter(|part| part.requisition_line_id == line_id).map(|part| part.ordered.get()).sum()
    }
    fn cover(&mut self, order: &PurchaseOrderSnapshot, progress: Progress) {
        for line in &order.lines {
            let Some(line_id) = line.requisition_line_id else { continue };
            if !self.lines.iter().any(|own| own.id == line_id) {
                continue;
            }
            let same = |part: &&mut Covered| {
                part.requisition_line_id == line_id && part.purchase_order_id == order.purchase_order_id
            };
            match self.covered.iter_mut().find(same) {
                // A late "sent" takes nothing back of what is known already.
                Some(part) if progress != Progress::Sent => {
                    progress.as_str().clone_into(&mut part.status);
                    part.ordered = covers(line, progress);
                }
                Some(_) => {}
                None => self.covered.push(Covered {
                    requisition_id: self.head.id,
                    requisition_line_id: line_id,
                    purchase_order_id: order.purchase_order_id,
                    ordered: covers(line, progress),
                    status: progress.as_str().to_owned(),
                }),
            }
        }
    }
    /// What still stands of what covers it.
    pub(super) fn live(&self) -> impl Iterator<Item = &Covered> {
        self.covered.iter().filter(|part| part.status != Progress::Cancelled.as_str())
    }
    fn reached(&self) -> Status {
        if self.lines.iter().any(|line| self.ordered(line.id) < line.quantity.get()) {
            Status::Approved
        } else if self.live().all(|part| part.status == Progress::Received.as_str()) {
            Status::Closed
        } else {
            Status::Ordered
        }
    }
}
