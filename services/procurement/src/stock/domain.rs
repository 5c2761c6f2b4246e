//! The rules of stock (PRO-39, rulings 9 and 11). Pure: no async, no clock, no SQL.
//! Every command keeps `0 ≤ held ≤ on hand`, and what is on hand changes only together with an entry that says why.
pub use super::why::{Delivered, NONCONFORMITY, Scrapped, Shipped};
use crate::schema::{stock, stock_entries};
use diesel::prelude::*;
use platform::{Change, Entity, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, ExternalRef, Moment, Ownership, Quantity,
    orders::{OrderId, ShipmentId},
    procurement::{
        DiscrepancyId, GoodsReceiptId, ItemId, StockChanged, StockEntryKind as Kind, StockFreed, StockId,
        StockReceived, StockStatus as Status,
    },
};

/// Where things lie when nobody says where.
pub const MAIN: &str = "MAIN";
/// Places a list opens at most.
pub const MOST_ENTRIES: usize = 500;

/// The balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = stock, treat_none_as_default_value = false)]
pub struct Row {
    pub id: StockId,
    pub item_id: ItemId,
    pub sku: String,
    pub location: String,
    pub on_hand: Quantity,
    pub held: Quantity,
    pub created_at: Moment,
    pub version: i32,
}

/// A movement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stock_entries, treat_none_as_default_value = false)]
pub struct Entry {
    pub id: Uuid,
    pub stock_id: StockId,
    pub kind: Kind,
    pub change: Decimal,
    pub on_hand_after: Quantity,
    pub reason: Option<String>,
    pub order_id: Option<OrderId>,
    pub shipment_id: Option<ShipmentId>,
    pub line_id: Option<Uuid>,
    pub reference_system: Option<String>,
    pub reference_id: Option<String>,
    pub at: Moment,
    pub actor: String,
    pub cause_event_id: Option<Uuid>,
    pub purchase_order_line_id: Option<Uuid>,
    pub goods_receipt_id: Option<GoodsReceiptId>,
    pub discrepancy_id: Option<DiscrepancyId>,
}

/// What lies of one item in one place, with the movements that the next save adds.
#[derive(Debug, Clone, Serialize)]
pub struct Stock {
    pub row: Row,
    #[serde(skip)]
    pub entries: Vec<Entry>,
}

// Written out because the status is not a column: it is what the two quantities say.
impl Entity for Stock {
    const KIND: &'static str = "stock";
    type Id = StockId;
    fn id(&self) -> StockId {
        self.row.id
    }
    fn version(&self) -> i32 {
        self.row.version
    }
    fn status(&self) -> &'static str {
        self.state().as_str()
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

platform::rules!(
    /// Why stock is refused.
    StockRule {
        Entries { count: usize } => "stock.entries", Invalid, "a list opens 1 to 500 places, not {count}", "期初清单应有 1 至 500 行，实际为 {count} 行", at "/entries";
        UnknownItem { index: usize, sku: String } => "stock.unknown_item", Invalid, "there is no item {sku}", "没有编号为 {sku} 的物料", at "/entries/{index}/sku";
        Twice { index: usize, sku: String } => "stock.listed_twice", Invalid, "{sku} stands twice in the list for the same place", "{sku} 在同一库位重复出现", at "/entries/{index}";
        AlreadyOpened { index: usize, sku: String, location: String } => "stock.already_opened", Conflict, "{sku} at {location} is open already; count it instead", "{sku} 在 {location} 已有库存，请改用盘点调整", at "/entries/{index}";
        OpeningDiffers { reference: String } => "stock.opening_differs", Conflict, "{reference} was opened already, with other entries", "{reference} 已登记期初，但明细不同", at "/reference";
        NoDifference => "stock.no_difference", Invalid, "that is what the books say already", "与账面数量一致，无需调整", at "/counted";
        BelowHeld { held: Quantity } => "stock.below_held", Conflict, "{held} are held for orders; less cannot lie there before some are released", "已为订单占用 {held}，盘点数量不能低于此数", at "/counted";
        NotAvailable { sku: String, available: Quantity } => "stock.not_available", Conflict, "only {available} of {sku} are available", "{sku} 可用数量仅 {available}";
        NotHeld { sku: String, held: Quantity } => "stock.not_held", Conflict, "only {held} of {sku} are held", "{sku} 占用数量仅 {held}";
    }
);

impl Machine for Stock {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "stock",
        transitions: &[
            Transition::new("adjust", &["available", "exhausted"], &["available", "exhausted"]),
            Transition::automatic("hold", &["available"], &["available", "exhausted"]),
            Transition::automatic("free", &["available", "exhausted"], &["available"]),
            Transition::automatic("receive", &["available", "exhausted"], &["available"]),
            Transition::automatic("issue", &["available", "exhausted"], &["available", "exhausted"]),
            Transition::automatic("scrap", &["available", "exhausted"], &["available", "exhausted"]),
            Transition::automatic("take_back", &["available", "exhausted"], &["available", "exhausted"]),
        ],
        labels: Status::labels(),
    };
}

impl Stock {
    /// An item's first balance in a place; may be 0.
    pub fn open(
        id: StockId,
        item: (String, ItemId),
        location: String,
        quantity: Quantity,
        from: &ExternalRef,
        entry_id: Uuid,
        by: &Stamp,
    ) -> Change<Self> {
        let (sku, item_id) = item;
        let row =
            Row { id, item_id, sku, location, on_hand: quantity, held: Quantity::ZERO, created_at: by.at, version: 1 };
        let entry = Entry {
            reference_system: Some(from.system.to_string()),
            reference_id: Some(from.id.to_string()),
            ..entry(entry_id, &row, Kind::Opening, quantity.get(), by)
        };
        let stock = Self { row, entries: vec![entry] };
        stock.moved("open", quantity.get())
    }
    /// An item's first balance in a place, by what a supplier delivered.
    pub fn first(
        id: StockId,
        item: (String, ItemId),
        location: String,
        delivered: (Quantity, Delivered),
        entry_id: Uuid,
        by: &Stamp,
    ) -> Change<Self> {
        let (sku, item_id) = item;
        let (on_hand, held) = (Quantity::ZERO, Quantity::ZERO);
        let row = Row { id, item_id, sku, location, on_hand, held, created_at: by.at, version: 1 };
        Self { row, entries: Vec::new() }.received("create", delivered, entry_id, by)
    }
    /// A supplier's goods passed the inspection (PRO-29).
    pub fn receive(
        self,
        delivered: (Quantity, Delivered),
        entry_id: Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, Refused> {
        self.may("receive")?;
        Ok(self.next().received("receive", delivered, entry_id, by))
    }
    /// A count found `counted` in this place.
    pub fn adjust(
        self,
        counted: Quantity,
        reason: String,
        entry_id: Uuid,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("adjust")?;
        let change = counted.get() - self.row.on_hand.get();
        if change.is_zero() {
            return Err(StockRule::NoDifference.into());
        }
        if counted < self.row.held {
            return Err(StockRule::BelowHeld { held: self.row.held }.into());
        }
        let mut next = self.next();
        next.row.on_hand = counted;
        next.entries =
            vec![Entry { reason: Some(reason.clone()), ..entry(entry_id, &next.row, Kind::Adjust, change, by) }];
        Ok(next.moved("adjust", change).because(reason))
    }
    /// Sets goods aside.
    pub fn hold(self, quantity: Decimal) -> Result<Change<Self>, StockRule> {
        if quantity > self.available() {
            return Err(StockRule::NotAvailable { available: Quantity::new(self.available()), sku: self.row.sku });
        }
        Ok(self.holding("hold", quantity))
    }
    /// Puts them back.
    pub fn free(self, quantity: Decimal) -> Result<Change<Self>, StockRule> {
        if quantity > self.row.held.get() {
            return Err(StockRule::NotHeld { held: self.row.held, sku: self.row.sku });
        }
        Ok(self.holding("free", -quantity))
    }
    /// Goods that were held leave: `(line, quantity)` for every line of the order that lay here.
    pub fn issue(
        self,
        parts: &[(Uuid, Decimal)],
        shipped: Shipped,
        entry_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, StockRule> {
        self.lose("issue", Kind::Issue, parts, |entry| shipped.on(entry), entry_ids, by)
    }
    /// Goods that were held cannot be used: they are written off (ORD-19).
    pub fn scrap(
        self,
        parts: &[(Uuid, Decimal)],
        scrapped: &Scrapped,
        entry_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, StockRule> {
        self.lose("scrap", Kind::Adjust, parts, |entry| scrapped.on(entry), entry_ids, by)
    }
    /// What a shipment took from here is back: set aside as before, or free if its order is no more.
    pub fn take_back(
        self,
        parts: &[(Uuid, Decimal)],
        returned: Shipped,
        held: bool,
        mut entry_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Change<Self> {
        let mut next = self.next();
        let mut freed = Decimal::ZERO;
        for &(line_id, quantity) in parts {
            next.row.on_hand = Quantity::new(next.row.on_hand.get() + quantity);
            if held {
                next.row.held = Quantity::new(next.row.held.get() + quantity);
            } else {
                freed += quantity;
            }
            let entry = entry(entry_ids(), &next.row, Kind::Return, quantity, by);
            next.entries.push(Entry { line_id: Some(line_id), ..returned.on(entry) });
        }
        next.moved("take_back", freed)
    }
    /// Can anything be taken from it?
    pub fn state(&self) -> Status {
        if self.available().is_zero() { Status::Exhausted } else { Status::Available }
    }
    /// On hand and not set aside.
    pub fn available(&self) -> Decimal {
        self.row.on_hand.get() - self.row.held.get()
    }

    fn received(
        mut self,
        action: &'static str,
        (quantity, from): (Quantity, Delivered),
        entry_id: Uuid,
        by: &Stamp,
    ) -> Change<Self> {
        self.row.on_hand = Quantity::new(self.row.on_hand.get() + quantity.get());
        let Row { id: stock_id, item_id, sku, location, .. } = self.row.clone();
        self.entries = vec![Entry {
            line_id: Some(from.goods_receipt_line_id),
            purchase_order_line_id: Some(from.purchase_order_line_id),
            goods_receipt_id: Some(from.goods_receipt_id),
            discrepancy_id: from.discrepancy_id,
            ..entry(entry_id, &self.row, Kind::Receipt, quantity.get(), by)
        }];
        let Delivered { purchase_order_id, goods_receipt_id, .. } = from;
        let told = StockReceived { stock_id, item_id, sku, location, quantity, purchase_order_id, goods_receipt_id };
        let changed = self.changed();
        Change::new(action, self).emit(&changed).emit(&told)
    }
    fn holding(self, action: &'static str, change: Decimal) -> Change<Self> {
        let mut next = self.next();
        next.row.held = Quantity::new(next.row.held.get() + change);
        next.moved(action, -change)
    }
    /// What was held is here no more; `of` says in its entry why.
    fn lose(
        self,
        action: &'static str,
        kind: Kind,
        parts: &[(Uuid, Decimal)],
        of: impl Fn(Entry) -> Entry,
        mut entry_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, StockRule> {
        let mut next = self.next();
        for &(line_id, quantity) in parts {
            if quantity > next.row.held.get() {
                return Err(StockRule::NotHeld { held: next.row.held, sku: next.row.sku });
            }
            next.row.held = Quantity::new(next.row.held.get() - quantity);
            next.row.on_hand = Quantity::new(next.row.on_hand.get() - quantity);
            let entry = entry(entry_ids(), &next.row, kind, -quantity, by);
            next.entries.push(Entry { line_id: Some(line_id), ..of(entry) });
        }
        Ok(next.moved(action, Decimal::ZERO))
    }
    /// The change, told; so much more of it can be promised, if that is more.
    fn moved(self, action: &'static str, freed: Decimal) -> Change<Self> {
        let Row { id: stock_id, item_id, sku, .. } = self.row.clone();
        let changed = self.changed();
        let change = Change::new(action, self).emit(&changed);
        if freed <= Decimal::ZERO {
            return change;
        }
        change.emit(&StockFreed { stock_id, item_id, sku, quantity: Quantity::new(freed) })
    }
    fn changed(&self) -> StockChanged {
        let Row { id, item_id, sku, location, on_hand, held, created_at: _, version: _ } = self.row.clone();
        StockChanged { stock_id: id, item_id, sku, location, on_hand, held }
    }
    fn next(mut self) -> Self {
        self.row.version += 1;
        self.entries = Vec::new();
        self
    }
}

/// A movement that has just led to `row`.
fn entry(id: Uuid, row: &Row, kind: Kind, change: Decimal, by: &Stamp) -> Entry {
    Entry {
        id,
        stock_id: row.id,
        kind,
        change,
        on_hand_after: row.on_hand,
        reason: None,
        order_id: None,
        shipment_id: None,
        line_id: None,
        reference_system: None,
        reference_id: None,
        at: by.at,
        actor: by.actor.clone(),
        cause_event_id: None,
        purchase_order_line_id: None,
        goods_receipt_id: None,
        discrepancy_id: None,
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
