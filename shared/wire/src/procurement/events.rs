//! What procurement tells others.
use crate::{Moment, Money, Quantity, Snapshot, event::event, id::id, orders::OrderId, snapshot::snapshots};
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
    /// Someone's wish to buy something.
    RequisitionId,
    /// A request for quotation.
    RfqId,
    /// Leave to buy without three quotes (D-06).
    SourcingWaiverId,
    /// A test of a supplier's sample (PRO-20).
    SampleTestId,
    /// An order to a supplier.
    PurchaseOrderId,
    /// Goods that arrived.
    GoodsReceiptId,
    /// What was wrong with them.
    DiscrepancyId,
);

/// An item at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ItemSnapshot {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    /// Its state then, a word of its state machine.
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
    /// Its state then, a word of its state machine.
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

/// What a requisition's facts share (PRO-02).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequisitionSnapshot {
    pub requisition_id: RequisitionId,
    pub number: String,
    /// `manual`, `order`, `plan` or `reorder`.
    pub source: String,
    /// `normal` or `urgent`.
    pub priority: String,
    /// The order whose shortage it covers.
    pub order_id: Option<OrderId>,
    /// Estimated, tax included.
    pub total: Money,
}

/// Waits for its approvers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequisitionSubmitted {
    #[serde(flatten)]
    pub requisition: RequisitionSnapshot,
}
event!(RequisitionSubmitted = "procurement.requisition.submitted.v1");

/// May be bought (PRO-04).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequisitionApproved {
    #[serde(flatten)]
    pub requisition: RequisitionSnapshot,
}
event!(RequisitionApproved = "procurement.requisition.approved.v1");

/// Drafted because goods are short or stock ran low (PRO-08).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequisitionAutoCreated {
    #[serde(flatten)]
    pub requisition: RequisitionSnapshot,
}
event!(RequisitionAutoCreated = "procurement.requisition.auto_created.v1");

/// A shortage is bought in a hurry (PRO-09).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExpediteAccepted {
    #[serde(flatten)]
    pub requisition: RequisitionSnapshot,
    /// When it should be ordered.
    pub act_by_at: Moment,
}
event!(ExpediteAccepted = "procurement.expedite.accepted.v1");

/// It should have been ordered by now; told once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequisitionOverdue {
    #[serde(flatten)]
    pub requisition: RequisitionSnapshot,
}
event!(RequisitionOverdue = "procurement.requisition.overdue.v1");

/// One line of a purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurchasedLine {
    /// The purchase order's.
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    pub ordered: Quantity,
    /// Accepted into stock so far.
    pub received: Quantity,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub requisition_line_id: Option<Uuid>,
}

/// What a purchase order's facts share (PRO-24).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchaseOrderSnapshot {
    pub purchase_order_id: PurchaseOrderId,
    pub number: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub requisition_ids: Vec<RequisitionId>,
    pub lines: Vec<PurchasedLine>,
    /// Tax included.
    pub total: Money,
}

/// The supplier has it; its requisitions are ordered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchaseOrderSent {
    #[serde(flatten)]
    pub purchase_order: PurchaseOrderSnapshot,
}
event!(PurchaseOrderSent = "procurement.purchase_order.sent.v1");

/// All of it is in stock; its requisitions are closed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchaseOrderReceived {
    #[serde(flatten)]
    pub purchase_order: PurchaseOrderSnapshot,
}
event!(PurchaseOrderReceived = "procurement.purchase_order.received.v1");

/// Ended before anything arrived; its requisitions may be ordered again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchaseOrderCancelled {
    #[serde(flatten)]
    pub purchase_order: PurchaseOrderSnapshot,
    pub reason: String,
}
event!(PurchaseOrderCancelled = "procurement.purchase_order.cancelled.v1");

/// Goods went into stock (PRO-29); holds that were short are topped up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockReceived {
    pub stock_id: StockId,
    pub item_id: ItemId,
    pub sku: String,
    /// The bin or warehouse.
    pub location: String,
    pub quantity: Quantity,
    pub purchase_order_id: PurchaseOrderId,
    pub goods_receipt_id: GoodsReceiptId,
}
event!(StockReceived = "procurement.stock.received.v1");

/// More of a stock can be promised than before, other than by a purchase: set free, counted up, come back. Holds that are
/// short are topped up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StockFreed {
    pub stock_id: StockId,
    pub item_id: ItemId,
    pub sku: String,
    pub quantity: Quantity,
}
event!(StockFreed = "procurement.stock.freed.v1");
