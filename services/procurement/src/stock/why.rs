//! Why goods move, as their entries keep it: a shipment, a loss, a delivery. Pure; decides nothing.
use super::domain::Entry;
use uuid::Uuid;
use wire::{
    orders::{NonconformityId, OrderId, ShipmentId},
    procurement::{DiscrepancyId, GoodsReceiptId, PurchaseOrderId},
};

/// Why goods leave: a shipment's line, and the event that told of it.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    pub order_id: OrderId,
    pub shipment_id: ShipmentId,
    pub cause_event_id: Option<Uuid>,
}

impl Shipped {
    pub(super) fn on(self, entry: Entry) -> Entry {
        let Self { order_id, shipment_id, cause_event_id } = self;
        Entry { order_id: Some(order_id), shipment_id: Some(shipment_id), cause_event_id, ..entry }
    }
}

/// What the references of entries say of goods that quality gave up.
pub const NONCONFORMITY: &str = "nonconformity";

/// Why goods are lost: a nonconformity of an order, and the event that told of it.
#[derive(Debug, Clone)]
pub struct Scrapped {
    pub order_id: OrderId,
    pub nonconformity_id: NonconformityId,
    pub reason: String,
    pub cause_event_id: Option<Uuid>,
}
impl Scrapped {
    pub(super) fn on(&self, entry: Entry) -> Entry {
        Entry {
            order_id: Some(self.order_id),
            reference_system: Some(NONCONFORMITY.to_owned()),
            reference_id: Some(self.nonconformity_id.to_string()),
            reason: Some(self.reason.clone()),
            cause_event_id: self.cause_event_id,
            ..entry
        }
    }
}

/// Where goods come from that go into stock (PRO-29).
#[derive(Debug, Clone, Copy)]
pub struct Delivered {
    pub purchase_order_id: PurchaseOrderId,
    pub purchase_order_line_id: Uuid,
    pub goods_receipt_id: GoodsReceiptId,
    pub goods_receipt_line_id: Uuid,
    /// Of goods that were rejected first and taken as they are.
    pub discrepancy_id: Option<DiscrepancyId>,
}
