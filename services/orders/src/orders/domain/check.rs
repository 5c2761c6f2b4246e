//! From the draft to finance (ORD-05, 06, 08, 09): stock, price, the contract that a large order needs, holds.
use super::{Answer, CONTRACT_LIMIT, Guarded, HoldRow, LineRow, Order, OrderRule, and};
use platform::{Change, Machine, Stamp};
use uuid::Uuid;
use wire::{
    contracts::ContractSnapshot,
    json::Kept,
    line::Line,
    orders::{
        AvailabilityRequested, AvailabilityStatus, HoldKind, HoldPlaced, HoldReleased, OrderChecked,
        OrderStatus as Status, PriceCheck, ReviewResult, ReviewStatus,
    },
    procurement::AvailabilityAnswered,
    quoting::LineVerified,
};

/// What a look at the contract limit can lead to.
type Holds = (Option<HoldPlaced>, Option<HoldReleased>);

impl Order {
    /// Asks procurement to hold the goods; above the limit it also waits for a contract.
    pub fn submit(self, hold_id: Uuid, by: &Stamp) -> Guarded {
        self.may("submit")?;
        let mut next = self.to(Status::Submitted);
        next.head.moments.0.submitted_at = Some(by.at);
        let asked = next.ask();
        let (placed, _) = next.require_contract(hold_id, by);
        Ok(and(Change::new("submit", next).emit(&asked), placed))
    }
    /// Asks procurement again, after a restock for instance.
    pub fn check(self) -> Guarded {
        self.may("check")?;
        let mut next = self.next();
        let asked = next.ask();
        Ok(Change::new("check", next).emit(&asked))
    }
    /// Procurement's answer: all held, and the order is checked; or short, and it waits.
    pub fn answered(self, answer: &AvailabilityAnswered, hold_id: Uuid, by: &Stamp) -> Guarded {
        self.may("answer")?;
        let mut next = self.next();
        for row in &mut next.lines {
            if let Some(line) = answer.lines.iter().find(|line| line.line_id == row.id) {
                (row.held, row.short) = (Some(line.held), Some(line.short));
            }
        }
        next.parts_changed = true;
        let kept = &mut next.head.availability.0;
        (kept.hold_id, kept.answered_at) = (Some(answer.hold_id), Some(by.at));
        if !answer.complete {
            kept.status = AvailabilityStatus::Short;
            let what = next.lines.iter().filter_map(shortage).collect::<Vec<_>>().join("; ");
            let placed = next.place(HoldKind::Shortage, Some(what), hold_id, by);
            return Ok(and(Change::new("answer", next), placed));
        }
        kept.status = AvailabilityStatus::Complete;
        let released = next.lift(HoldKind::Shortage, by);
        next.head.status = Status::Checked;
        next.head.moments.0.checked_at = Some(by.at);
        next.head.finance_status = Some(ReviewStatus::Pending);
        let event = OrderChecked { order_id: next.head.id, number: next.head.number.clone(), complete: true };
        Ok(and(Change::new("answer", next), released).emit(&event))
    }
    /// Finance's word (ORD-08).
    pub fn reviewed(self, result: ReviewResult) -> Guarded {
        self.may("review")?;
        let mut next = self.next();
        match result {
            ReviewResult::ApprovedToInvoice => {
                next.head.finance_status = Some(ReviewStatus::ApprovedToInvoice);
                next.head.status = Status::FinanceReviewed;
            }
            ReviewResult::PriceAdjustRequired => next.head.finance_status = Some(ReviewStatus::PriceAdjustRequired),
        }
        Ok(Change::new("review", next))
    }
    /// Before finance again.
    pub fn resubmitted(self) -> Guarded {
        self.may("resubmit")?;
        let mut next = self.next();
        next.head.finance_status = Some(ReviewStatus::Pending);
        Ok(Change::new("resubmit", next))
    }
    /// The contract that this order waited for binds (ruling 13, D-15: it must cover the whole of the order).
    pub fn covered(self, contract: &ContractSnapshot, by: &Stamp) -> Answer<Change<Self>> {
        self.may("cover")?;
        if self.head.contract_id.is_some_and(|known| known != contract.contract_id) {
            return Err(OrderRule::OtherContract.into());
        }
        if contract.totals.gross.amount < self.head.gross {
            let amounts = (contract.totals.gross.amount, self.head.gross);
            return Err(OrderRule::ContractTooSmall { contract: amounts.0, order: amounts.1 }.into());
        }
        let mut next = self.next();
        next.head.contract_id = Some(contract.contract_id);
        next.head.acceptance_criteria = Kept(contract.acceptance_criteria.clone());
        let released = next.lift(HoldKind::ContractRequired, by);
        Ok(and(Change::new("cover", next), released))
    }
    /// Stops it by hand.
    pub fn hold(self, reason: String, hold_id: Uuid, by: &Stamp) -> Guarded {
        self.may("hold")?;
        let mut next = self.next();
        let placed = next.place(HoldKind::Manual, Some(reason.clone()), hold_id, by);
        Ok(and(Change::new("hold", next), placed).because(reason))
    }
    /// Lets it go on.
    pub fn resume(self, reason: String, by: &Stamp) -> Guarded {
        self.may("resume")?;
        let mut next = self.next();
        let released = next.lift(HoldKind::Manual, by);
        Ok(and(Change::new("resume", next), released).because(reason))
    }

    /// Line by line against the accepted quote (QUO-15): product, quantity, price, discount, tax.
    pub fn price_check(&self) -> PriceCheck {
        let Some(Kept(quoted)) = &self.head.quoted_lines else {
            return PriceCheck { quote_id: self.head.quote_id, matches: true, lines: Vec::new() };
        };
        let count = quoted.len().max(self.lines.len());
        let lines: Vec<LineVerified> = (0..count).map(|i| compare(i, quoted.get(i), self.lines.get(i))).collect();
        PriceCheck { quote_id: self.head.quote_id, matches: lines.iter().all(|line| line.matches), lines }
    }

    /// Above the limit without a contract it is held, below it is not (ORD-09).
    pub(super) fn require_contract(&mut self, hold_id: Uuid, by: &Stamp) -> Holds {
        if self.head.contract_id.is_none() && self.head.gross.get() > CONTRACT_LIMIT {
            (self.place(HoldKind::ContractRequired, None, hold_id, by), None)
        } else {
            (None, self.lift(HoldKind::ContractRequired, by))
        }
    }
    fn ask(&mut self) -> AvailabilityRequested {
        self.head.availability.0.status = AvailabilityStatus::Asked;
        AvailabilityRequested { order_id: self.head.id, number: self.head.number.clone(), lines: self.goods() }
    }
    /// One hold of a kind at a time: a second is no news.
    fn place(&mut self, kind: HoldKind, reason: Option<String>, id: Uuid, by: &Stamp) -> Option<HoldPlaced> {
        if self.holds_now(kind) {
            return None;
        }
        self.holds.push(HoldRow {
            id,
            order_id: self.head.id,
            kind,
            reason,
            placed_by: by.actor.clone(),
            placed_at: by.at,
            released_by: None,
            released_at: None,
        });
        self.parts_changed = true;
        Some(HoldPlaced { hold: kind, order: self.snapshot() })
    }
    fn lift(&mut self, kind: HoldKind, by: &Stamp) -> Option<HoldReleased> {
        let hold = self.holds.iter_mut().find(|hold| hold.kind == kind && hold.released_at.is_none())?;
        (hold.released_by, hold.released_at) = (Some(by.actor.clone()), Some(by.at));
        self.parts_changed = true;
        Some(HoldReleased { order_id: self.head.id, number: self.head.number.clone(), hold: kind })
    }
}

/// `PUMP-40 5/12`: held of wanted.
fn shortage(line: &LineRow) -> Option<String> {
    let short = line.short.filter(|short| !short.get().is_zero())?;
    let held = line.held.unwrap_or(wire::Quantity::new(line.quantity.get() - short.get()));
    Some(format!("{} {held}/{}", line.sku, line.quantity))
}

fn compare(index: usize, quoted: Option<&Line>, ordered: Option<&LineRow>) -> LineVerified {
    let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
    let sku = quoted.map(|q| q.sku.clone()).or(ordered.map(|o| o.sku.clone())).unwrap_or_default();
    let differences: Vec<String> = match (quoted, ordered) {
        (Some(q), Some(o)) => [
            ("sku", q.sku == o.sku),
            ("quantity", q.quantity == o.quantity),
            ("unit_price", q.unit_price == o.unit_price),
            ("discount_rate", q.discount_rate == o.discount_rate),
            ("tax_rate", q.tax_rate == o.tax_rate),
        ]
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(field, _)| field.to_owned())
        .collect(),
        (Some(_), None) => vec!["missing".into()],
        (None, _) => vec!["not_quoted".into()],
    };
    LineVerified { line_number, sku, matches: differences.is_empty(), differences }
}
