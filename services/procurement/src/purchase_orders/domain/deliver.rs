//! What comes back from the supplier: deliveries, what was wrong with them, how that ended (PRO-29, 31). Every command
//! keeps `received + forgone ≤ ordered` in each line, and finds the state from what has come.
use super::{Change, Decimal, LineRow, Machine, PurchaseOrder, PurchaseOrderRule, Quantity, Stamp, Status};
use platform::{Refused, Result};
use uuid::Uuid;
use wire::procurement::{PurchaseOrderCancelled, PurchaseOrderReceived};

/// So much of one of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub line_id: Uuid,
    pub quantity: Quantity,
}

/// What an inspection, or the end of a discrepancy, means for the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Goes into stock.
    pub taken: Vec<Part>,
    /// Is no longer expected, as far as it still was.
    pub forgone: Vec<Part>,
    /// Discrepancies that this opens.
    pub opened: i32,
    /// Nothing more will come.
    pub completes: bool,
}

impl PurchaseOrder {
    /// A delivery is at the gate: from now on it cannot be cancelled.
    pub fn arrive(self) -> Result<Change<Self>, Refused> {
        self.may("arrive")?;
        let mut next = self.next();
        next.head.arrivals += 1;
        Ok(Change::new("arrive", next))
    }
    /// A delivery was inspected.
    pub fn take_in(self, outcome: &Outcome, by: &Stamp) -> Result<Change<Self>> {
        self.may("take_in")?;
        let mut next = self.next();
        next.head.inspections += 1;
        next.book(outcome)?;
        Ok(next.moved("take_in", by))
    }
    /// Somebody reports that something else is wrong.
    pub fn dispute(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("dispute")?;
        let mut next = self.next();
        next.head.open_discrepancies += 1;
        Ok(next.moved("dispute", by))
    }
    /// A discrepancy is closed; with the last of them the order goes on where it was, or where it has come to meanwhile.
    pub fn settle(self, outcome: &Outcome, by: &Stamp) -> Result<Change<Self>> {
        self.may("settle")?;
        let mut next = self.next();
        next.head.open_discrepancies -= 1;
        next.book(outcome)?;
        Ok(next.moved("settle", by))
    }

    fn book(&mut self, outcome: &Outcome) -> Result<(), PurchaseOrderRule> {
        for part in &outcome.taken {
            let line = self.line(part.line_id)?;
            let open = line.open();
            if part.quantity.get() > open {
                return Err(PurchaseOrderRule::MoreThanOrdered { sku: line.sku.clone(), open });
            }
            line.received = Quantity::new(line.received.get() + part.quantity.get());
        }
        for part in &outcome.forgone {
            let line = self.line(part.line_id)?;
            line.forgone = Quantity::new(line.forgone.get() + part.quantity.get().min(line.open()));
        }
        if outcome.completes {
            for line in &mut self.lines {
                line.forgone = Quantity::new(line.forgone.get() + line.open());
            }
        }
        self.head.open_discrepancies += outcome.opened;
        Ok(())
    }
    fn line(&mut self, id: Uuid) -> Result<&mut LineRow, PurchaseOrderRule> {
        let unknown = PurchaseOrderRule::MoreThanOrdered { sku: id.to_string(), open: Decimal::ZERO };
        self.lines.iter_mut().find(|line| line.id == id).ok_or(unknown)
    }
    /// Where it stands now. Complete without a single thing received, it has come to nothing and may be ordered anew.
    fn standing(&self) -> Status {
        let complete = self.lines.iter().all(|line| line.open().is_zero());
        let received = self.lines.iter().any(|line| line.received > Quantity::ZERO);
        let head = &self.head;
        match (complete, received) {
            _ if head.open_discrepancies > 0 => Status::PendingAction,
            (true, true) => Status::Received,
            (true, false) if head.inspections == head.arrivals => Status::Cancelled,
            (_, true) => Status::PartiallyReceived,
            _ if head.acknowledged_at.is_some() => Status::Acknowledged,
            _ => Status::Sent,
        }
    }
    fn moved(mut self, action: &'static str, by: &Stamp) -> Change<Self> {
        self.head.status = self.standing();
        match self.head.status {
            Status::Received if self.head.received_at.is_none() => {
                self.head.received_at = Some(by.at);
                let event = PurchaseOrderReceived { purchase_order: self.snapshot() };
                Change::new(action, self).emit(&event)
            }
            Status::Cancelled => {
                let reason = "全部退货或扣款，未收货 / returned or credited, nothing received".to_owned();
                (self.head.reason, self.head.closed_at) = (Some(reason.clone()), Some(by.at));
                let event = PurchaseOrderCancelled { purchase_order: self.snapshot(), reason };
                Change::new(action, self).emit(&event)
            }
            _ => Change::new(action, self),
        }
    }
}
