//! From a draft to the supplier's word: what may be ordered, who must agree, when it is promised (PRO-24, 25).
use super::{
    Amount, CaseId, Change, Closed, Currency, Day, ExternalRef, Head, Kept, LineRow, Machine, Money, Origin,
    PromiseMade, PurchaseOrder, PurchaseOrderId, PurchaseOrderRule, RfqId, SourcingWaiverId, Stamp, Status, SupplierId,
    lines,
};
use crate::by_ref::{MOST_REFS, united};
use platform::{Ask, Refused, Result};
use wire::{
    Note, Patched,
    procurement::{PurchaseOrderCancelled, PurchaseOrderSent, SupplierPromise},
};

/// What a purchase order has of its own when it is made.
#[derive(Debug, Clone)]
pub struct Seed {
    pub id: PurchaseOrderId,
    pub case_id: Option<CaseId>,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub rfq_id: Option<RfqId>,
    pub waiver_id: Option<SourcingWaiverId>,
    pub currency: Currency,
    pub lines: Vec<LineRow>,
    pub note: Option<Note>,
    pub external_refs: Vec<ExternalRef>,
}

/// Whether what gives leave to buy still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// We may buy from this supplier today (PRO-15).
    pub supplier_qualified: bool,
    /// The award, with these lines at these prices; or the waiver, for these requisitions.
    pub sourced: bool,
}

impl PurchaseOrder {
    /// By an award or a waiver.
    pub fn draft(seed: Seed, by: &Stamp) -> Result<Change<Self>, PurchaseOrderRule> {
        let number = provisional(seed.id);
        let origin = if seed.rfq_id.is_some() { Origin::Award } else { Origin::Waiver };
        Ok(Change::new("create", Self::of(seed, number, origin, by)?))
    }
    /// Sent already, by another system; `total` is what that system says it comes to.
    pub fn import(
        seed: Seed,
        number: String,
        ordered_on: Day,
        total: Option<Money>,
        by: &Stamp,
    ) -> Result<Change<Self>, PurchaseOrderRule> {
        let mut order = Self::of(seed, number, Origin::Imported, by)?;
        order.as_stated(ordered_on, total, by)?;
        (order.head.status, order.head.sent_at) = (Status::Sent, Some(by.at));
        let event = PurchaseOrderSent { purchase_order: order.snapshot() };
        Ok(Change::new("import", order).emit(&event))
    }
    /// Imported again; `None` if that changes nothing. Only while nothing has happened to it.
    pub fn replace(
        self,
        seed: Seed,
        ordered_on: Day,
        total: Option<Money>,
        by: &Stamp,
    ) -> Result<Option<Change<Self>>> {
        if self.head.origin != Origin::Imported {
            return Err(PurchaseOrderRule::NotImported.into());
        }
        let before = self.clone();
        let mut wanted = Self { lines_replaced: true, ..self.next() };
        wanted.head.supplier_id = seed.supplier_id;
        wanted.head.supplier_name = seed.supplier_name;
        wanted.head.currency = seed.currency;
        wanted.head.note = seed.note.map(Note::into_string);
        wanted.head.external_refs = Kept(bounded(united(wanted.head.external_refs.0, seed.external_refs))?);
        wanted.put(seed.lines);
        wanted.as_stated(ordered_on, total, by)?;
        if wanted.says_the_same(&before) {
            return Ok(None);
        }
        before.may("replace")?;
        if before.head.arrivals > 0 {
            return Err(PurchaseOrderRule::Underway.into());
        }
        let event = PurchaseOrderSent { purchase_order: wanted.snapshot() };
        Ok(Some(Change::new("replace", wanted).emit(&event)))
    }
    /// Changes a draft; `lines` are those of a waiver.
    pub fn update(self, note: Patched<Note>, lines: Option<Vec<LineRow>>) -> Result<Change<Self>> {
        self.may("update")?;
        let mut next = self.next();
        next.head.note = note.over(next.head.note, Note::into_string);
        if let Some(lines) = lines {
            if next.head.origin == Origin::Award {
                return Err(PurchaseOrderRule::LinesOfAward.into());
            }
            next.put(lines);
            next.lines_replaced = true;
        }
        Ok(Change::new("update", next))
    }
    /// Asks for approval by the policy in force; its tiers look at the gross (D-01).
    pub fn submit(self, leave: Leave, by: &Stamp) -> Result<Change<Self>> {
        self.may("submit")?;
        self.allowed("submit", leave)?;
        let amount = Some(Money::new(self.head.gross, self.head.currency));
        let ask = Ask { policy: "procurement.purchase_order", number: self.head.number.clone(), amount };
        let mut next = self.to(Status::InApproval);
        (next.head.submitted_at, next.head.reason) = (Some(by.at), None);
        Ok(Change::new("submit", next).ask(ask))
    }
    /// The last yes: the number is final (ruling 10).
    pub fn approve(self, number: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("approve")?;
        let mut next = self.to(Status::Approved);
        (next.head.number, next.head.approved_at) = (number, Some(by.at));
        Ok(Change::new("approve", next))
    }
    /// Sent back to be mended.
    pub fn returned(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("return")?;
        let mut next = self.to(Status::Draft);
        next.head.reason = Some(reason.clone());
        Ok(Change::new("return", next).because(reason))
    }
    /// The supplier gets it; lines without a day are due when their lead time is over.
    pub fn send(self, leave: Leave, by: &Stamp) -> Result<Change<Self>> {
        self.may("send")?;
        self.allowed("send", leave)?;
        let mut next = self.to(Status::Sent);
        let today = by.today();
        (next.head.sent_at, next.head.ordered_on) = (Some(by.at), Some(today));
        for line in next.lines.iter_mut().filter(|line| line.due_on.is_none()) {
            let days = line.lead_time_days.map(|days| jiff::Span::new().days(days));
            line.due_on = days.and_then(|days| today.0.checked_add(days).ok()).map(Day);
        }
        let event = PurchaseOrderSent { purchase_order: next.snapshot() };
        Ok(Change::new("send", next).emit(&event))
    }
    /// The supplier says yes, and when.
    pub fn acknowledge(self, promise: SupplierPromise, by: &Stamp) -> Result<Change<Self>> {
        self.may("acknowledge")?;
        let mut next = self.to(Status::Acknowledged).promised(promise, by)?;
        next.head.acknowledged_at = Some(by.at);
        Ok(Change::new("acknowledge", next))
    }
    /// The supplier names another day; those it named before stay visible (PRO-25).
    pub fn promise(self, promise: SupplierPromise, by: &Stamp) -> Result<Change<Self>> {
        self.may("promise")?;
        Ok(Change::new("promise", self.next().promised(promise, by)?))
    }
    /// Not wanted any more, before anything arrived.
    pub fn cancel(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let told = self.head.status != Status::Draft;
        let mut next = self.to(Status::Cancelled);
        (next.head.reason, next.head.closed_at) = (Some(reason.clone()), Some(by.at));
        let event = PurchaseOrderCancelled { purchase_order: next.snapshot(), reason: reason.clone() };
        let change = Change::new("cancel", next).because(reason);
        Ok(if told { change.emit(&event) } else { change })
    }
    /// Everything is here and settled.
    pub fn close(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let mut next = self.to(Status::Closed);
        next.head.closed_at = Some(by.at);
        Ok(Change::new("close", next))
    }

    fn of(seed: Seed, number: String, origin: Origin, by: &Stamp) -> Result<Self, PurchaseOrderRule> {
        let Seed { id, case_id, supplier_id, supplier_name, rfq_id, waiver_id, currency, lines, note, external_refs } =
            seed;
        let head = Head {
            id,
            number,
            status: Status::Draft,
            origin,
            case_id,
            supplier_id,
            supplier_name,
            rfq_id,
            waiver_id,
            currency,
            net: Amount::ZERO,
            tax: Amount::ZERO,
            gross: Amount::ZERO,
            note: note.map(Note::into_string),
            reason: None,
            ordered_on: None,
            promises: Kept(Vec::new()),
            arrivals: 0,
            inspections: 0,
            open_discrepancies: 0,
            external_refs: Kept(bounded(external_refs)?),
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            submitted_at: None,
            approved_at: None,
            sent_at: None,
            acknowledged_at: None,
            received_at: None,
            closed_at: None,
            version: 1,
        };
        let mut order = Self { head, lines: Vec::new(), lines_replaced: false };
        order.put(lines);
        Ok(order)
    }
    fn put(&mut self, lines: Vec<LineRow>) {
        let totals = lines::totals(&lines, self.head.currency);
        (self.head.net, self.head.tax, self.head.gross) = (totals.net.amount, totals.tax.amount, totals.gross.amount);
        self.lines = lines;
    }
    /// The day and the sum that the other system states.
    fn as_stated(&mut self, ordered_on: Day, total: Option<Money>, by: &Stamp) -> Result<(), PurchaseOrderRule> {
        if ordered_on > by.today() {
            return Err(PurchaseOrderRule::OrderedInFuture);
        }
        self.head.ordered_on = Some(ordered_on);
        let computed = self.totals().gross;
        match total {
            Some(total) if total != computed => Err(PurchaseOrderRule::TotalDiffers { computed }),
            _ => Ok(()),
        }
    }
    /// The same but for the ids of the lines, the version, and what supplier and items are called by now.
    fn says_the_same(&self, other: &Self) -> bool {
        let essence = |order: &Self| {
            let Head { supplier_id, currency, note, ordered_on, external_refs, .. } = order.head.clone();
            (supplier_id, currency, note, ordered_on, external_refs)
        };
        let line = |line: &LineRow| LineRow {
            id: uuid::Uuid::nil(),
            name: String::new(),
            unit: String::new(),
            received: wire::Quantity::ZERO,
            forgone: wire::Quantity::ZERO,
            ..line.clone()
        };
        essence(self) == essence(other) && self.lines.iter().map(line).eq(other.lines.iter().map(line))
    }
    fn allowed(&self, action: &'static str, leave: Leave) -> Result<()> {
        if !leave.supplier_qualified {
            let closed = Closed::new(
                "supplier_qualified",
                "the supplier is not qualified now (supplier.not_qualified)",
                "该供应商当前不合格（supplier.not_qualified）",
            );
            return Err(Self::refused(action, closed.on(self.head.supplier_id)));
        }
        if !leave.sourced {
            let closed = Closed::new(
                "sourced",
                "the award or waiver does not cover these lines any more",
                "定标结果或询价豁免已不再覆盖本订单",
            );
            let waiver = self.head.waiver_id.map(uuid::Uuid::from);
            let source = self.head.rfq_id.map(uuid::Uuid::from).or(waiver);
            return Err(Self::refused(action, closed.on(source.unwrap_or_default())));
        }
        Ok(())
    }
    fn promised(mut self, promise: SupplierPromise, by: &Stamp) -> Result<Self, PurchaseOrderRule> {
        let SupplierPromise { promised_on, note } = promise;
        if promised_on < by.today() {
            return Err(PurchaseOrderRule::PromisedPast { day: promised_on });
        }
        let note = note.map(wire::Label::into_string);
        self.head.promises.0.push(PromiseMade { promised_on, note, at: by.at, by: by.actor.clone() });
        Ok(self)
    }
}

/// What people call a draft: the random end of its id.
fn provisional(id: PurchaseOrderId) -> String {
    let text = id.0.simple().to_string().to_uppercase();
    format!("DRAFT-{}", &text[20..])
}

fn bounded(refs: Vec<ExternalRef>) -> Result<Vec<ExternalRef>, PurchaseOrderRule> {
    if refs.len() <= MOST_REFS { Ok(refs) } else { Err(PurchaseOrderRule::Refs) }
}
