//! What orders tells others. Every fact about an order carries its id and number.
use crate::{
    Day, ExternalRef, Moment, Quantity,
    contracts::ContractId,
    crm::AccountId,
    event::event,
    id::id,
    line::{Line, Totals},
    orders::WorkItemId,
    quoting::{PaymentTerm, QuoteId},
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// An order.
    OrderId,
    /// Goods on their way.
    ShipmentId,
    /// The customer's looking over of what was delivered.
    AcceptanceId,
    /// What is missing for an order, and what is done about it.
    ShortageId,
);
words!(
    /// What the order came from (D-08).
    OrderOrigin {
        Contract => "contract" "合同" "Contract",
        Quote => "quote" "报价" "Quote",
        Direct => "direct" "直接下单" "Direct",
    }
);
words!(
    /// What can hold an order beside its state (ruling 14).
    HoldKind {
        ContractRequired => "contract_required" "需签合同" "Contract required",
        Shortage => "shortage" "缺货" "Shortage",
        Manual => "manual" "人工冻结" "Held by hand",
    }
);

/// What others need of an order (ruling 26).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderSnapshot {
    pub order_id: OrderId,
    pub number: String,
    pub origin: OrderOrigin,
    pub contract_id: Option<ContractId>,
    pub quote_id: Option<QuoteId>,
    pub account_id: AccountId,
    pub account_name: String,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
    pub delivery_date: Option<Day>,
    pub external_refs: Vec<ExternalRef>,
}

/// A draft stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderCreated {
    #[serde(flatten)]
    pub order: OrderSnapshot,
}
event!(OrderCreated = "orders.order.created.v1");

/// A hold; `contract_required` makes contracts draft one for this order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HoldPlaced {
    pub hold: HoldKind,
    #[serde(flatten)]
    pub order: OrderSnapshot,
}
event!(HoldPlaced = "orders.order.hold_placed.v1");

/// A hold is gone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HoldReleased {
    pub order_id: OrderId,
    pub number: String,
    pub hold: HoldKind,
}
event!(HoldReleased = "orders.order.hold_released.v1");

/// Goods of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WantedLine {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    pub quantity: Quantity,
}

/// Please hold these; answered by `procurement.availability.answered.v1` (ruling 9).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AvailabilityRequested {
    pub order_id: OrderId,
    pub number: String,
    pub lines: Vec<WantedLine>,
}
event!(AvailabilityRequested = "orders.availability.requested.v1");

words!(
    /// What is done about missing goods (ORD-07).
    ShortageDecision {
        Expedite => "expedite" "加急采购" "Buy in a hurry",
        Substitute => "substitute" "建议其他型号" "Take another model",
        Backorder => "backorder" "缺货待补" "Wait for the goods",
        Split => "split" "分批发货" "Deliver in parts",
    }
);

/// Goods that are missing for one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShortLine {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    pub requested: Quantity,
    pub short: Quantity,
}

/// What a shortage's facts share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShortageSnapshot {
    pub shortage_id: ShortageId,
    pub number: String,
    pub order_id: OrderId,
    pub order_number: String,
    /// When the customer expects the goods.
    pub needed_on: Option<Day>,
    pub lines: Vec<ShortLine>,
}

/// Stock does not cover an order (ORD-07).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShortageDetected {
    #[serde(flatten)]
    pub shortage: ShortageSnapshot,
}
event!(ShortageDetected = "orders.shortage.detected.v1");

/// What is done about it; procurement drafts a requisition for all but a substitute (PRO-08, PRO-09).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShortageDecided {
    pub decision: ShortageDecision,
    #[serde(flatten)]
    pub shortage: ShortageSnapshot,
}
event!(ShortageDecided = "orders.shortage.decided.v1");

/// Stock and price were checked (ORD-05, 06).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderChecked {
    pub order_id: OrderId,
    pub number: String,
    /// Stock covers all of it.
    pub complete: bool,
}
event!(OrderChecked = "orders.order.checked.v1");

/// Finance's word (ORD-08).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FinanceReviewCompleted {
    pub order_id: OrderId,
    pub number: String,
    /// `approved_to_invoice` or `price_adjust_required`.
    pub result: String,
}
event!(FinanceReviewCompleted = "orders.finance_review.completed.v1");

/// Confirmed (ORD-10); contracts plans the payments of orders that have no contract.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderConfirmed {
    #[serde(flatten)]
    pub order: OrderSnapshot,
    pub confirmed_at: Moment,
}
event!(OrderConfirmed = "orders.order.confirmed.v1");

/// Departments have their work (ORD-11).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderDecomposed {
    pub order_id: OrderId,
    pub number: String,
    /// Codes of the departments that have work now.
    pub departments: Vec<String>,
    /// Each part and until when its department is to acknowledge it (ORD-12); facts of before do not say.
    #[serde(default)]
    pub work_items: Vec<AssignedWork>,
}
event!(OrderDecomposed = "orders.order.decomposed.v1");

/// A department's part of an order as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssignedWork {
    pub work_item_id: WorkItemId,
    /// Code of the department.
    pub department_id: String,
    pub acknowledge_until: Moment,
}

/// A department has seen its part of an order (ORD-12).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkItemAcknowledged {
    pub work_item_id: WorkItemId,
    pub order_id: OrderId,
    pub order_number: String,
    /// Code of the department.
    pub department_id: Option<String>,
    /// Who saw it: `user:ann`.
    pub acknowledged_by: String,
    pub acknowledged_at: Moment,
    /// Later is late.
    pub acknowledge_until: Moment,
}
event!(WorkItemAcknowledged = "orders.work_item.acknowledged.v1");

/// Finance let the warehouse ship (ORD-21).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderReleasedForShipping {
    pub order_id: OrderId,
    pub number: String,
}
event!(OrderReleasedForShipping = "orders.order.released_for_shipping.v1");

/// What a shipment's facts share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShipmentSnapshot {
    pub shipment_id: ShipmentId,
    pub number: String,
    pub order_id: OrderId,
    pub order_number: String,
    pub account_id: AccountId,
    pub account_name: String,
    pub lines: Vec<WantedLine>,
}

/// The carrier has it (ORD-22): procurement issues the held goods from stock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShipmentHandedOver {
    #[serde(flatten)]
    pub shipment: ShipmentSnapshot,
    pub carrier: String,
    pub tracking_number: String,
}
event!(ShipmentHandedOver = "orders.shipment.handed_over.v1");

/// The customer knows (ORD-26).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShipmentNotified {
    #[serde(flatten)]
    pub shipment: ShipmentSnapshot,
    pub expected_on: Option<Day>,
}
event!(ShipmentNotified = "orders.shipment.notified.v1");

/// Signed for (ORD-32): aftersales plans a revisit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShipmentDelivered {
    #[serde(flatten)]
    pub shipment: ShipmentSnapshot,
    pub delivered_at: Moment,
    /// Who signed for it.
    pub signer: String,
}
event!(ShipmentDelivered = "orders.shipment.delivered.v1");

/// It came back: procurement takes the goods into stock again, set aside for the order as before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShipmentReturned {
    #[serde(flatten)]
    pub shipment: ShipmentSnapshot,
    pub reason: String,
}
event!(ShipmentReturned = "orders.shipment.returned.v1");

/// Please accept (ORD-34).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceInvited {
    pub acceptance_id: AcceptanceId,
    /// The acceptance's own.
    pub number: String,
    pub order_id: OrderId,
    pub order_number: String,
}
event!(AcceptanceInvited = "orders.acceptance.invited.v1");

/// Accepted (ORD-38): milestones of acceptance fall due.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderAccepted {
    pub order_id: OrderId,
    pub number: String,
    pub accepted_at: Moment,
}
event!(OrderAccepted = "orders.order.accepted.v1");

/// Delivered, accepted and paid.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderCompleted {
    pub order_id: OrderId,
    pub number: String,
    pub completed_at: Moment,
}
event!(OrderCompleted = "orders.order.completed.v1");

/// Ended before it was shipped: held goods are free again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderCancelled {
    pub order_id: OrderId,
    pub number: String,
    pub reason: String,
}
event!(OrderCancelled = "orders.order.cancelled.v1");
