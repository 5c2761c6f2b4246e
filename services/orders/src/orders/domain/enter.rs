//! How an order comes to be (ORD-01, 02, 03): from a contract, a quote, or by hand; and how a draft changes.
use super::{Answer, Goods, Head, LineRow, Order, OrderRule, Quality};
use platform::{Change, Machine, Stamp};
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency,
    contracts::ContractSnapshot,
    crm::{AccountId, AccountSnapshot},
    json::Kept,
    line::{self, Line, LineFault, NewLine, TermFault},
    orders::{AvailabilityStatus, NewOrder, OrderCreated, OrderId, OrderMoments, OrderOrigin, OrderPatch, OrderStatus},
    quoting::{ProductSnapshot, QuoteSnapshot},
};

/// What the caller knows of a new order besides its source.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: OrderId,
    pub number: String,
    pub case_id: CaseId,
    /// The roles of whoever enters it (D-10).
    pub entered_as: Option<String>,
    /// The event that it is born of.
    pub cause_event_id: Option<Uuid>,
}

/// Products by sku.
pub type Products = HashMap<String, ProductSnapshot>;

impl Order {
    /// An effective contract becomes an order, line by line and cent by cent (ORD-01).
    pub fn from_contract(
        entry: Entry,
        contract: ContractSnapshot,
        ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Change<Self> {
        let mut order = Self::blank(
            entry,
            OrderOrigin::Contract,
            (contract.account_id, contract.account_name),
            contract.totals.gross.currency,
            by,
        );
        order.head.contract_id = Some(contract.contract_id);
        order.head.quote_id = contract.quote_id;
        order.head.payment_terms = Kept(contract.payment_terms);
        order.head.delivery_date = contract.delivery_date;
        order.head.acceptance_criteria = Kept(contract.acceptance_criteria);
        order.head.goods.0.acceptance_working_days = contract.acceptance_working_days;
        order.head.external_refs = Kept(contract.external_refs);
        order.copy(contract.lines, ids);
        order.created()
    }
    /// An accepted quote becomes an order (ORD-02); the quote's lines are kept for the price check.
    pub fn from_quote(entry: Entry, quote: QuoteSnapshot, ids: impl FnMut() -> Uuid, by: &Stamp) -> Change<Self> {
        let mut order = Self::blank(
            entry,
            OrderOrigin::Quote,
            (quote.account_id, quote.account_name),
            quote.totals.gross.currency,
            by,
        );
        order.head.quote_id = Some(quote.quote_id);
        order.head.payment_terms = Kept(quote.payment_terms);
        order.head.delivery_date = quote.delivery_date;
        order.head.external_refs = Kept(quote.external_refs);
        order.head.quoted_lines = Some(Kept(quote.lines.clone()));
        order.copy(quote.lines, ids);
        order.created()
    }
    /// Entered by hand (ORD-02).
    pub fn direct(
        entry: Entry,
        account: AccountSnapshot,
        new: NewOrder,
        products: &Products,
        ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, OrderRule> {
        let NewOrder {
            account_id: _,
            currency,
            lines,
            payment_terms,
            delivery_date,
            delivery,
            requirements,
            external_refs,
        } = new;
        if external_refs.len() > 20 {
            return Err(OrderRule::References);
        }
        let mut order = Self::blank(entry, OrderOrigin::Direct, (account.id, account.name), currency, by);
        order.head.payment_terms = Kept(line::terms(payment_terms)?);
        order.head.delivery_date = Some(delivery_date);
        order.head.delivery = delivery.map(Kept);
        order.head.requirements = requirements.map(wire::Note::into_string);
        order.head.external_refs = Kept(external_refs);
        order.put_lines(rows(order.head.id, lines, currency, products, ids)?);
        Ok(order.created())
    }
    /// Changes a draft, or the prices of a checked order that finance sent back (ORD-08).
    pub fn update(
        self,
        patch: OrderPatch,
        products: &Products,
        mut ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Answer<Change<Self>> {
        self.may("update")?;
        let OrderPatch { lines, delivery_date, delivery, requirements } = patch;
        let mut next = self.next();
        let mut events = (None, None);
        if let Some(lines) = lines {
            next.lines_are_free()?;
            let hold_id = ids();
            let mut fresh = rows(next.head.id, lines, next.head.currency, products, ids)?;
            if next.head.status == OrderStatus::Checked {
                keep_goods(&next.lines, &mut fresh)?;
            }
            next.put_lines(fresh);
            if next.head.status == OrderStatus::Checked {
                events = next.require_contract(hold_id, by);
            }
        }
        next.head.delivery_date = delivery_date.or(next.head.delivery_date);
        if next.head.status == OrderStatus::Checked && next.head.delivery_date.is_none() {
            return Err(OrderRule::DeliveryDate.into());
        }
        next.head.delivery = delivery.over(next.head.delivery, Kept);
        next.head.requirements = requirements.over(next.head.requirements, wire::Note::into_string);
        Ok(super::and(super::and(Change::new("update", next), events.0), events.1))
    }

    fn blank(entry: Entry, origin: OrderOrigin, account: (AccountId, String), currency: Currency, by: &Stamp) -> Self {
        let Entry { id, number, case_id, entered_as, cause_event_id } = entry;
        let head = Head {
            id,
            number,
            status: OrderStatus::Draft,
            origin,
            case_id,
            account_id: account.0,
            account_name: account.1,
            contract_id: None,
            quote_id: None,
            quoted_lines: None,
            currency,
            net: Amount::ZERO,
            tax: Amount::ZERO,
            gross: Amount::ZERO,
            payment_terms: Kept(Vec::new()),
            delivery_date: None,
            delivery: None,
            requirements: None,
            acceptance_criteria: Kept(Vec::new()),
            goods: Kept(Goods {
                status: AvailabilityStatus::Unasked,
                hold_id: None,
                answered_at: None,
                shortages: Vec::new(),
                quality: Quality::default(),
                acceptance_working_days: None,
            }),
            finance_status: None,
            open_work_items: 0,
            entered_as,
            reason: None,
            external_refs: Kept(Vec::new()),
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            cause_event_id,
            created_at: by.at,
            moments: Kept(OrderMoments::default()),
            version: 1,
        };
        Self { head, lines: Vec::new(), holds: Vec::new(), parts_changed: true }
    }
    fn created(self) -> Change<Self> {
        let event = OrderCreated { order: self.snapshot() };
        Change::new("create", self).emit(&event)
    }
    /// Takes lines as another document has them: nothing is computed anew but the sums.
    fn copy(&mut self, lines: Vec<Line>, mut ids: impl FnMut() -> Uuid) {
        let order_id = self.head.id;
        self.lines = lines.into_iter().map(|line| LineRow::fresh(Line { id: ids(), ..line }, order_id)).collect();
        self.sum_up();
    }
    fn put_lines(&mut self, lines: Vec<LineRow>) {
        self.lines = lines;
        self.parts_changed = true;
        self.sum_up();
    }
    pub(super) fn sum_up(&mut self) {
        let totals = self.totals();
        (self.head.net, self.head.tax, self.head.gross) = (totals.net.amount, totals.tax.amount, totals.gross.amount);
    }
}

impl LineRow {
    pub(super) fn fresh(line: Line, order_id: OrderId) -> Self {
        let Line { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax } = line;
        let none = wire::Quantity::ZERO;
        Self {
            id,
            order_id,
            line_number,
            sku,
            description,
            quantity,
            unit_price,
            discount_rate,
            tax_rate,
            net,
            tax,
            held: None,
            short: None,
            substituted_for: None,
            scrapped: none,
            planned: none,
            shipped: none,
            delivered: none,
        }
    }
}

/// Only known products that are still sold; a line without a description takes the product's name.
fn sold(lines: Vec<NewLine>, products: &Products) -> Result<Vec<NewLine>, OrderRule> {
    let named = |(line, new): (usize, NewLine)| {
        let Some(product) = products.get(new.sku.as_str()) else {
            return Err(OrderRule::Product { line, sku: new.sku.into_string() });
        };
        if product.status == "retired" {
            return Err(OrderRule::Retired { line, sku: new.sku.into_string() });
        }
        Ok(NewLine { description: new.description.or_else(|| product.name.parse().ok()), ..new })
    };
    lines.into_iter().enumerate().map(named).collect()
}

/// The rows of these lines, computed.
fn rows(
    order_id: OrderId,
    lines: Vec<NewLine>,
    currency: Currency,
    products: &Products,
    ids: impl FnMut() -> Uuid,
) -> Result<Vec<LineRow>, OrderRule> {
    let lines = line::priced(sold(lines, products)?, currency, ids)?;
    Ok(lines.into_iter().map(|line| LineRow::fresh(line, order_id)).collect())
}

impl From<LineFault> for OrderRule {
    fn from(fault: LineFault) -> Self {
        match fault {
            LineFault::Count { count } => Self::Lines { count },
            LineFault::Quantity { line } => Self::Quantity { line },
            LineFault::Price { line } => Self::Price { line },
            LineFault::TooLarge => Self::TooLarge,
        }
    }
}
impl From<TermFault> for OrderRule {
    fn from(fault: TermFault) -> Self {
        match fault {
            TermFault::Bounds => Self::Terms,
            TermFault::Shares { sum } => Self::Shares { sum },
        }
    }
}

/// Goods are held line by line: the new lines keep ids, products and quantities of the old ones.
fn keep_goods(old: &[LineRow], new: &mut [LineRow]) -> Result<(), OrderRule> {
    let same = |(o, n): (&LineRow, &LineRow)| o.sku == n.sku && o.quantity == n.quantity;
    if old.len() != new.len() || !old.iter().zip(new.iter()).all(same) {
        return Err(OrderRule::GoodsHeld);
    }
    for (old, new) in old.iter().zip(new.iter_mut()) {
        (new.id, new.held, new.short) = (old.id, old.held, old.short);
        new.substituted_for.clone_from(&old.substituted_for);
    }
    Ok(())
}
