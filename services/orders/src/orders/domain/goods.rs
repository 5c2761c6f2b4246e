//! An order's goods (ORD-06, 07, 17, 19, ruling 9): what procurement holds, what is done where it holds too little, what
//! quality found. Decides nothing about stock: it asks, and believes the answer.
use super::{Answer, Goods, Guarded, LineRow, Order, OrderRule, Quality, and, enter::Products};
use platform::{Change, Machine, Stamp};
use rust_decimal::Decimal;
use uuid::Uuid;
use wire::{
    Amount, Quantity,
    line::{self, Line},
    orders::{
        AvailabilityRequested, AvailabilityStatus, HoldKind, OrderChecked, OrderShortage, OrderStatus as Status,
        ReviewStatus, ShortageStatus, SubstituteLine, WantedLine,
    },
    procurement::{AnsweredLine, AvailabilityAnswered},
};

impl Order {
    /// Is this the answer to what the order asks for now? One that comes late, or speaks of lines that were replaced since,
    /// is not.
    pub fn awaits(&self, answer: &AvailabilityAnswered) -> bool {
        let asking = self.head.status == Status::Submitted
            || (self.may("answer").is_ok() && self.head.goods.0.status != AvailabilityStatus::Complete);
        asking && self.lines.iter().all(|row| row.answered_in(answer).is_some())
    }
    /// Its lines with what the answer says of them; lost goods are set aside too, but never ship.
    pub fn lines_after(&self, answer: &AvailabilityAnswered) -> Vec<LineRow> {
        let told = |row: &LineRow| match row.answered_in(answer) {
            Some(line) => {
                let held = (line.held.get() - row.scrapped.get()).max(Decimal::ZERO);
                let short = (row.quantity.get() - held).max(Decimal::ZERO);
                LineRow { held: Some(Quantity::new(held)), short: Some(Quantity::new(short)), ..row.clone() }
            }
            None => row.clone(),
        };
        self.lines.iter().map(told).collect()
    }
    /// Procurement's answer. All held: a submitted order is checked, one that went on has its goods. Short: a submitted
    /// order waits, one that went on ships what it has. `shortages` is what the answer makes of the order's.
    pub fn answered(
        self,
        answer: &AvailabilityAnswered,
        shortages: Vec<OrderShortage>,
        hold_id: Uuid,
        by: &Stamp,
    ) -> Guarded {
        self.may("answer")?;
        let mut next = self.next();
        next.lines = next.lines_after(answer);
        next.parts_changed = true;
        let goods = &mut next.head.goods.0;
        (goods.hold_id, goods.answered_at) = (Some(answer.hold_id), Some(by.at));
        for shortage in shortages {
            goods.note(shortage);
        }
        let waiting = next.head.status == Status::Submitted;
        if next.lines.iter().any(LineRow::is_short) {
            next.head.goods.0.status = AvailabilityStatus::Short;
            let what = next.lines.iter().filter(|row| row.is_short()).map(shown).collect::<Vec<_>>().join("; ");
            let placed = if waiting { next.place(HoldKind::Shortage, Some(what), hold_id, by) } else { None };
            return Ok(and(Change::new("answer", next), placed));
        }
        next.head.goods.0.status = AvailabilityStatus::Complete;
        if waiting { Ok(next.into_finance("answer", true, by)) } else { Ok(Change::new("answer", next)) }
    }
    /// It goes on with what is held; the rest ships when it has come (ORD-07).
    pub fn split(self, shortage: OrderShortage, by: &Stamp) -> Answer<Change<Self>> {
        self.may("split")?;
        let nothing = |row: &LineRow| row.held.is_none_or(|held| held.get().is_zero());
        if self.lines.iter().all(nothing) {
            return Err(OrderRule::NothingHeld.into());
        }
        let mut next = self.next();
        next.head.goods.0.note(shortage);
        Ok(next.into_finance("split", false, by))
    }
    /// Other models take the place of what is short, as the customer agreed: new lines, new totals, the question of stock
    /// and that of a contract anew (ORD-07). The lines of a contract are changed by changing the contract.
    pub fn substitute(
        self,
        asked: &[SubstituteLine],
        shortage: OrderShortage,
        products: &Products,
        mut ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Answer<Change<Self>> {
        self.may("substitute")?;
        self.lines_are_free()?;
        let mut next = self.next();
        for (index, want) in asked.iter().enumerate() {
            let row = next.lines.iter_mut().find(|row| row.id == want.line_id && row.is_short());
            let row = row.ok_or(OrderRule::NotShort { line: index })?;
            *row = row.replaced(index, want, products, next.head.currency, ids())?;
        }
        next.parts_changed = true;
        next.sum_up();
        if next.head.gross.get() >= Amount::LIMIT {
            return Err(OrderRule::TooLarge.into());
        }
        next.head.goods.0.note(shortage);
        let (placed, released) = next.require_contract(ids(), by);
        let question = next.ask();
        Ok(and(and(Change::new("substitute", next), placed), released).emit(&question))
    }
    /// Asks procurement again whether the missing goods have come, whatever the order's state.
    pub fn recheck(self) -> Guarded {
        self.may("recheck")?;
        let mut next = self.next();
        let question = next.ask();
        Ok(Change::new("recheck", next).emit(&question))
    }
    /// Something was decided about its shortage that leaves the order where it is.
    pub fn follow_shortage(self, shortage: OrderShortage) -> Guarded {
        self.may("follow_shortage")?;
        let mut next = self.next();
        next.head.goods.0.note(shortage);
        Ok(Change::new("follow_shortage", next))
    }
    /// What quality has open about it (ORD-20).
    pub fn inspected(self, quality: Quality) -> Guarded {
        self.may("inspect")?;
        let mut next = self.next();
        next.head.goods.0.quality = quality;
        Ok(Change::new("inspect", next))
    }
    /// Goods are lost to bad quality: others are asked for; what was held for the line and is lost ships no more (ORD-19).
    pub fn scrap(self, line_id: Uuid, quantity: Quantity, quality: Quality) -> Answer<Change<Self>> {
        self.may("scrap")?;
        let mut next = self.next();
        let row = next.lines.iter_mut().find(|row| row.id == line_id).ok_or(OrderRule::UnknownLine { line: 0 })?;
        if quantity > row.ready() {
            return Err(OrderRule::ScrapMore { ready: row.ready() }.into());
        }
        row.scrapped = Quantity::new(row.scrapped.get() + quantity.get());
        let held = row.held.unwrap_or(row.quantity).get() - quantity.get();
        row.held = Some(Quantity::new(held));
        row.short = Some(Quantity::new(row.quantity.get() - held));
        next.parts_changed = true;
        next.head.goods.0.quality = quality;
        let question = next.ask();
        Ok(Change::new("scrap", next).emit(&question))
    }

    /// What it wants of procurement: its lines, and what takes the place of lost goods, which stay set aside.
    pub(super) fn ask(&mut self) -> AvailabilityRequested {
        self.head.goods.0.status = AvailabilityStatus::Asked;
        let lines = self.lines.iter().map(|row| row.of(row.wanted())).collect::<Vec<WantedLine>>();
        AvailabilityRequested { order_id: self.head.id, number: self.head.number.clone(), lines }
    }
    fn into_finance(mut self, action: &'static str, complete: bool, by: &Stamp) -> Change<Self> {
        let released = self.lift(HoldKind::Shortage, by);
        self.head.status = Status::Checked;
        self.head.moments.0.checked_at = Some(by.at);
        self.head.finance_status = Some(ReviewStatus::Pending);
        let event = OrderChecked { order_id: self.head.id, number: self.head.number.clone(), complete };
        and(Change::new(action, self), released).emit(&event)
    }
}

impl Goods {
    /// Keeps what its shortage has become.
    fn note(&mut self, shortage: OrderShortage) {
        match self.shortages.iter_mut().find(|known| known.id == shortage.id) {
            Some(known) => *known = shortage,
            None => self.shortages.push(shortage),
        }
    }
    /// The order was cancelled.
    pub(super) fn give_up(&mut self) {
        let open =
            |shortage: &&mut OrderShortage| matches!(shortage.status, ShortageStatus::Open | ShortageStatus::Decided);
        self.shortages.iter_mut().filter(open).for_each(|shortage| shortage.status = ShortageStatus::Cancelled);
        self.quality = Quality::default();
    }
}

impl LineRow {
    /// Missing, as procurement last said.
    pub fn is_short(&self) -> bool {
        self.short.is_some_and(|short| !short.get().is_zero())
    }
    /// Held and in no shipment yet: what can be shipped now.
    pub fn ready(&self) -> Quantity {
        let held = self.held.map_or(self.quantity, |held| held.min(self.quantity));
        Quantity::new((held.get() - self.planned.get()).max(Decimal::ZERO))
    }
    fn wanted(&self) -> Quantity {
        Quantity::new(self.quantity.get() + self.scrapped.get())
    }
    fn answered_in<'a>(&self, answer: &'a AvailabilityAnswered) -> Option<&'a AnsweredLine> {
        answer.lines.iter().find(|line| line.line_id == self.id && line.requested == self.wanted())
    }
    /// The same line with another product, under an id of its own: goods are held under the old one.
    fn replaced(
        &self,
        index: usize,
        want: &SubstituteLine,
        products: &Products,
        currency: wire::Currency,
        id: Uuid,
    ) -> Result<Self, OrderRule> {
        let sku = want.sku.as_str();
        let product = products.get(sku).filter(|product| product.status != "retired" && product.sku != self.sku);
        let product = product.ok_or_else(|| OrderRule::Substitute { line: index, sku: sku.to_owned() })?;
        let listed = Some(product.list_price).filter(|_| product.currency == currency);
        let unit_price = want.unit_price.or(listed).ok_or(OrderRule::SubstitutePrice { line: index })?;
        if unit_price.get().is_sign_negative() {
            return Err(OrderRule::SubstitutePrice { line: index });
        }
        let net = line::line_net(self.quantity, unit_price, self.discount_rate, currency);
        let line = Line {
            id,
            line_number: self.line_number,
            sku: product.sku.clone(),
            description: product.name.clone(),
            quantity: self.quantity,
            unit_price,
            discount_rate: self.discount_rate,
            tax_rate: product.tax_rate,
            net,
            tax: line::line_tax(net, product.tax_rate, currency),
        };
        let before = self.substituted_for.clone().unwrap_or_else(|| self.sku.clone());
        Ok(Self { substituted_for: Some(before), ..Self::fresh(line, self.order_id) })
    }
}

/// `PUMP-40 5/12`: held of wanted.
fn shown(line: &LineRow) -> String {
    format!("{} {}/{}", line.sku, line.held.unwrap_or_default(), line.quantity)
}
