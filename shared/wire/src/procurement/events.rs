//! What procurement tells others.
use crate::{Quantity, Snapshot, event::event, id::id, orders::OrderId, snapshot::snapshots};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A thing kept in stock.
    ItemId,
    /// Someone who sells to us.
    SupplierId,
    /// What lies of one item in one place.
    StockId,
    /// Goods set aside for an order.
    HoldId,
);

/// An item at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ItemSnapshot {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub status: String,
    pub version: i32,
}
impl Snapshot for ItemSnapshot {
    const KIND: &'static str = "item";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn key(&self) -> Option<String> {
        Some(self.sku.clone())
    }
}
snapshots!(ItemSnapshot =>
    /// Opened or changed.
    ItemChanged = "procurement.item.changed.v1",
);

/// A supplier at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierSnapshot {
    pub id: SupplierId,
    pub number: String,
    pub name: String,
    pub status: String,
    pub version: i32,
}
impl Snapshot for SupplierSnapshot {
    const KIND: &'static str = "supplier";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(SupplierSnapshot =>
    /// Opened or changed.
    SupplierChanged = "procurement.supplier.changed.v1",
);

/// Stock of one item in one place (PRO-39); an item's stock is the sum over its places.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockChanged {
    pub stock_id: StockId,
    pub item_id: ItemId,
    pub sku: String,
    /// The bin or warehouse.
    pub location: String,
    pub on_hand: Quantity,
    pub held: Quantity,
}
event!(StockChanged = "procurement.stock.changed.v1");

/// One line's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnsweredLine {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    pub requested: Quantity,
    /// Set aside, or shipped already: `requested − short`.
    pub held: Quantity,
    pub short: Quantity,
}

/// The answer to `orders.availability.requested.v1` (ruling 9): held under a row lock, as much as there is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AvailabilityAnswered {
    pub order_id: OrderId,
    pub hold_id: HoldId,
    /// The hold's.
    pub number: String,
    /// Nothing is short.
    pub complete: bool,
    pub lines: Vec<AnsweredLine>,
}
event!(AvailabilityAnswered = "procurement.availability.answered.v1");

/// Held goods were shipped, or set free because the order was cancelled.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HoldClosed {
    pub hold_id: HoldId,
    /// The hold's.
    pub number: String,
    pub order_id: OrderId,
    /// `shipped` or `released`.
    pub status: String,
}
event!(HoldClosed = "procurement.hold.closed.v1");
