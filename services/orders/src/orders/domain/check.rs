//! From the draft to finance (ORD-05, 06, 08, 09): stock, price, the contract that a large order needs, holds.
use super::{Answer, Guarded, HoldRow, LineRow, Order, OrderRule, and};
use platform::{Change, Machine, Stamp};
use uuid::Uuid;
use wire::{
    contracts::{CONTRACT_LIMIT, ContractSnapshot},
    json::Kept,
    line::Line,
    orders::{
        Finding, FindingKind, HoldKind, HoldPlaced, HoldReleased, OrderStatus as Status, PriceCheck, ReviewResult,
        ReviewStatus,
    },
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
        next.head.goods.0.acceptance_working_days = contract.acceptance_working_days;
        let released = next.lift(HoldKind::ContractRequired, by);
        Ok(and(Change::new("cover", next), released))
    }
    /// The contract that it waited for will never bind: the hold says so, and another can be required (ruling 13).
    pub fn lost_contract(self, number: &str, reason: &str) -> Guarded {
        self.may("lose_contract")?;
        let mut next = self.next();
        let why = format!("合同 {number} 已撤回 / contract {number} was withdrawn: {reason}");
        for hold in &mut next.holds {
            if hold.kind == HoldKind::ContractRequired && hold.released_at.is_none() {
                hold.reason = Some(why.clone());
            }
        }
        next.parts_changed = true;
        Ok(Change::new("lose_contract", next).because(why))
    }
    /// Asks for another contract in the place of one that was withdrawn; below the limit by now, it needs none.
    pub fn require_another_contract(self, hold_id: Uuid, by: &Stamp) -> Guarded {
        self.may("require_contract")?;
        let mut next = self.next();
        let released = next.lift(HoldKind::ContractRequired, by);
        let (placed, _) = next.require_contract(hold_id, by);
        Ok(and(and(Change::new("require_contract", next), released), placed))
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

    /// Does every line say what the quote says, but for other models that the customer agreed to (ORD-07)?
    pub fn priced_as_agreed(&self) -> bool {
        let agreed = |index: usize| self.lines.get(index).is_some_and(|line| line.substituted_for.is_some());
        self.price_check().lines.iter().enumerate().all(|(index, line)| line.matches || agreed(index))
    }
    /// What finance must know of the quote's lines that another model took the place of.
    pub fn substitute_findings(&self) -> Vec<Finding> {
        let quoted = self.head.quoted_lines.as_ref().map_or(&[][..], |kept| &kept.0);
        let price = |number: i32| quoted.iter().find(|line| line.line_number == number).map(|line| line.unit_price);
        let finding = |line: &LineRow| {
            let before = line.substituted_for.as_ref()?;
            let was = price(line.line_number).map(|price| format!(" {price}")).unwrap_or_default();
            let note = format!("{before}{was} → {} {}", line.sku, line.unit_price);
            Some(Finding { kind: FindingKind::Substitute, note: note.parse().ok()? })
        };
        self.lines.iter().filter_map(finding).collect()
    }

    /// May its lines change? Not those of a contract that binds, nor those that a contract was asked for: what is signed must
    /// cover what is ordered (D-15). Once that contract is withdrawn they may, and the next one says what they are by then.
    pub(super) fn lines_are_free(&self) -> Result<(), OrderRule> {
        if self.head.contract_id.is_some() {
            Err(OrderRule::ContractLines)
        } else if self.holds_now(HoldKind::ContractRequired) && !self.contract_is_lost() {
            Err(OrderRule::ContractAsked)
        } else {
            Ok(())
        }
    }
    /// Above the limit without a contract it is held, below it is not (ORD-09).
    pub(super) fn require_contract(&mut self, hold_id: Uuid, by: &Stamp) -> Holds {
        if self.head.contract_id.is_none() && self.head.gross.get() > CONTRACT_LIMIT {
            (self.place(HoldKind::ContractRequired, None, hold_id, by), None)
        } else {
            (None, self.lift(HoldKind::ContractRequired, by))
        }
    }
    /// One hold of a kind at a time: a second is no news.
    pub(super) fn place(&mut self, kind: HoldKind, reason: Option<String>, id: Uuid, by: &Stamp) -> Option<HoldPlaced> {
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
    pub(super) fn lift(&mut self, kind: HoldKind, by: &Stamp) -> Option<HoldReleased> {
        let hold = self.holds.iter_mut().find(|hold| hold.kind == kind && hold.released_at.is_none())?;
        (hold.released_by, hold.released_at) = (Some(by.actor.clone()), Some(by.at));
        self.parts_changed = true;
        Some(HoldReleased { order_id: self.head.id, number: self.head.number.clone(), hold: kind })
    }
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
