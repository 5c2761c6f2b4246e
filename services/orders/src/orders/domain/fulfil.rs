//! From confirmation to the end (ORD-10, 11, 20 to 22, 32, 38): departments, shipping, acceptance, payment.
use super::{Answer, Guarded, LineRow, Order, OrderRule};
use platform::{Change, Machine, Stamp};
use rust_decimal::Decimal;
use std::collections::HashSet;
use wire::{
    Quantity,
    orders::{
        AssignedWork, NewShipmentLine, OrderAccepted, OrderCancelled, OrderCompleted, OrderConfirmed, OrderDecomposed,
        OrderReleasedForShipping, OrderStatus as Status, ReviewStatus, WantedLine,
    },
};

impl Order {
    /// Confirmed to the customer and handed to the departments. Without work items there is nothing to wait for.
    pub fn confirm(self, work_items: Vec<AssignedWork>, by: &Stamp) -> Guarded {
        self.may("confirm")?;
        let mut next = self.to(if work_items.is_empty() { Status::InFulfilment } else { Status::Confirmed });
        next.head.open_work_items = i32::try_from(work_items.len()).unwrap_or(i32::MAX);
        let mut named = HashSet::new();
        let departments = work_items.iter().map(|work| &work.department_id).filter(|one| named.insert(*one));
        let departments: Vec<String> = departments.cloned().collect();
        next.head.moments.0.confirmed_at = Some(by.at);
        let confirmed = OrderConfirmed { order: next.snapshot(), confirmed_at: by.at };
        let (order_id, number) = (next.head.id, next.head.number.clone());
        let decomposed = OrderDecomposed { order_id, number, departments, work_items };
        Ok(Change::new("confirm", next).emit(&confirmed).emit(&decomposed))
    }
    /// The first department has begun.
    pub fn start(self) -> Guarded {
        self.may("start")?;
        Ok(Change::new("start", self.to(Status::InFulfilment)))
    }
    /// One department is done.
    pub fn work_done(self) -> Guarded {
        self.may("work_done")?;
        let mut next = self.next();
        next.head.open_work_items = (next.head.open_work_items - 1).max(0);
        Ok(Change::new("work_done", next))
    }
    /// Finance lets the warehouse ship (ORD-21).
    pub fn release(self, by: &Stamp) -> Guarded {
        self.may("release")?;
        let mut next = self.next();
        next.head.moments.0.released_at = Some(by.at);
        let event = OrderReleasedForShipping { order_id: next.head.id, number: next.head.number.clone() };
        Ok(Change::new("release", next).emit(&event))
    }
    /// Sets goods aside for a shipment: the lines asked for, or all that is held and open.
    pub fn plan_shipment(self, asked: &[NewShipmentLine]) -> Answer<(Change<Self>, Vec<WantedLine>)> {
        self.may("plan_shipment")?;
        let mut next = self.next();
        let goods = if asked.is_empty() { next.take_all() } else { next.take(asked)? };
        if goods.is_empty() {
            let all = next.lines.iter().all(|line| line.open().get().is_zero());
            return Err(if all { OrderRule::NothingOpen } else { OrderRule::NothingReady }.into());
        }
        next.parts_changed = true;
        Ok((Change::new("plan_shipment", next), goods))
    }
    /// A shipment was cancelled before it left.
    pub fn unplan_shipment(self, goods: &[WantedLine]) -> Guarded {
        self.may("unplan_shipment")?;
        let next = self.next().counted(goods, |line, quantity| line.planned = minus(line.planned, quantity));
        Ok(Change::new("unplan_shipment", next))
    }
    /// A carrier has these goods.
    pub fn ship(self, goods: &[WantedLine], by: &Stamp) -> Guarded {
        self.may("ship")?;
        let mut next = self.next().counted(goods, |line, quantity| line.shipped = plus(line.shipped, quantity));
        let all = next.lines.iter().all(|line| line.shipped == line.quantity);
        next.head.status = if all { Status::Shipped } else { Status::PartiallyShipped };
        next.head.moments.0.shipped_at = all.then_some(by.at);
        Ok(Change::new("ship", next))
    }
    /// The customer signed for these goods.
    pub fn deliver(self, goods: &[WantedLine], by: &Stamp) -> Guarded {
        self.may("deliver")?;
        let mut next = self.next().counted(goods, |line, quantity| line.delivered = plus(line.delivered, quantity));
        if next.lines.iter().all(|line| line.delivered == line.quantity) {
            next.head.status = Status::Delivered;
            next.head.moments.0.delivered_at = Some(by.at);
        }
        Ok(Change::new("deliver", next))
    }
    /// These goods came back; they are open again.
    pub fn take_back(self, goods: &[WantedLine]) -> Guarded {
        self.may("take_back")?;
        let mut next = self.next().counted(goods, |line, quantity| {
            line.shipped = minus(line.shipped, quantity);
            line.planned = minus(line.planned, quantity);
        });
        let some = next.lines.iter().any(|line| !line.shipped.get().is_zero());
        next.head.status = if some { Status::PartiallyShipped } else { Status::InFulfilment };
        next.head.moments.0.shipped_at = None;
        Ok(Change::new("take_back", next))
    }
    /// The customer accepted the delivery (ORD-38).
    pub fn accept(self, by: &Stamp) -> Guarded {
        self.may("accept")?;
        let mut next = self.to(Status::Accepted);
        next.head.moments.0.accepted_at = Some(by.at);
        let event = OrderAccepted { order_id: next.head.id, number: next.head.number.clone(), accepted_at: by.at };
        Ok(Change::new("accept", next).emit(&event))
    }
    /// All of it is paid; that can come before or after the acceptance.
    pub fn settle(self, by: &Stamp) -> Guarded {
        self.may("settle")?;
        let mut next = self.next();
        next.head.moments.0.settled_at = Some(by.at);
        Ok(Change::new("settle", next))
    }
    /// The money was taken back: it has to be paid again.
    pub fn unsettle(self, reason: String) -> Guarded {
        self.may("unsettle")?;
        let mut next = self.next();
        next.head.moments.0.settled_at = None;
        Ok(Change::new("unsettle", next).because(reason))
    }
    /// Accepted and paid: nothing is left to do.
    pub fn complete(self, by: &Stamp) -> Guarded {
        self.may("complete")?;
        let mut next = self.to(Status::Completed);
        next.head.moments.0.closed_at = Some(by.at);
        let event = OrderCompleted { order_id: next.head.id, number: next.head.number.clone(), completed_at: by.at };
        Ok(Change::new("complete", next).emit(&event))
    }
    /// Ends it before anything left the house; procurement frees the goods.
    pub fn cancel(self, reason: String, by: &Stamp) -> Guarded {
        self.may("cancel")?;
        let mut next = self.to(Status::Cancelled);
        next.head.reason = Some(reason.clone());
        next.head.open_work_items = 0;
        next.head.goods.0.give_up();
        next.head.moments.0.closed_at = Some(by.at);
        if matches!(next.head.finance_status, Some(ReviewStatus::Pending | ReviewStatus::PriceAdjustRequired)) {
            next.head.finance_status = Some(ReviewStatus::Cancelled);
        }
        let event = OrderCancelled { order_id: next.head.id, number: next.head.number.clone(), reason: reason.clone() };
        Ok(Change::new("cancel", next).emit(&event).because(reason))
    }

    fn take_all(&mut self) -> Vec<WantedLine> {
        let ready = self.lines.iter_mut().filter(|line| !line.ready().get().is_zero());
        ready
            .map(|line| {
                let goods = line.of(line.ready());
                line.planned = plus(line.planned, goods.quantity.get());
                goods
            })
            .collect()
    }
    fn take(&mut self, asked: &[NewShipmentLine]) -> Result<Vec<WantedLine>, OrderRule> {
        if asked.len() > wire::line::MOST_LINES {
            return Err(OrderRule::Lines { count: asked.len() });
        }
        let take = |(index, want): (usize, &NewShipmentLine)| {
            let row = self.lines.iter_mut().find(|row| row.id == want.line_id);
            let row = row.ok_or(OrderRule::UnknownLine { line: index })?;
            if want.quantity.get().is_zero() {
                return Err(OrderRule::ShippedQuantity { line: index });
            }
            if want.quantity > row.open() {
                return Err(OrderRule::MoreThanOpen { line: index, open: row.open() });
            }
            if want.quantity > row.ready() {
                return Err(OrderRule::MoreThanHeld { line: index, ready: row.ready() });
            }
            row.planned = plus(row.planned, want.quantity.get());
            Ok(row.of(want.quantity))
        };
        asked.iter().enumerate().map(take).collect()
    }
    fn counted(mut self, goods: &[WantedLine], count: impl Fn(&mut LineRow, Decimal)) -> Self {
        for want in goods {
            if let Some(row) = self.lines.iter_mut().find(|row| row.id == want.line_id) {
                count(row, want.quantity.get());
            }
        }
        self.parts_changed = true;
        self
    }
}

fn plus(quantity: Quantity, more: Decimal) -> Quantity {
    Quantity::new(quantity.get() + more)
}
fn minus(quantity: Quantity, less: Decimal) -> Quantity {
    Quantity::new(quantity.get() - less)
}
