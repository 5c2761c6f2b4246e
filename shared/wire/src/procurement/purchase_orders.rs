//! Purchase orders: what a supplier is asked to deliver, at which price, until when (PRO-24, 25).
use super::{ItemId, PurchaseOrderId, RequisitionId, RfqId, SourcingWaiverId, SupplierId};
use crate::{
    Action, Amount, CaseId, Code, Currency, Day, ExternalRef, Label, Moment, Money, Note, Patched, Quantity, Rate,
    line::Totals, page::page_query, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a purchase order (PRO-24).
    PurchaseOrderStatus {
        Draft => "draft" "草稿" "Draft",
        InApproval => "in_approval" "审批中" "In approval",
        Approved => "approved" "已批准" "Approved",
        Sent => "sent" "已下达" "Sent",
        Acknowledged => "acknowledged" "供应商已确认" "Acknowledged",
        PartiallyReceived => "partially_received" "部分到货" "Partially received",
        Received => "received" "已收货" "Received",
        PendingAction => "pending_action" "待处理" "Pending action",
        Closed => "closed" "已关闭" "Closed",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// What gives leave to buy.
    PurchaseOrderOrigin {
        Award => "award" "询价定标" "Award",
        Waiver => "waiver" "询价豁免" "Waiver",
        Imported => "imported" "系统导入" "Imported",
    }
);
resource!(PurchaseOrder);

/// A purchase order as it is asked for: by an award or by a waiver, one of the two.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"supplier_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "rfq_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ac"})))]
pub struct NewPurchaseOrder {
    pub supplier_id: SupplierId,
    /// The request for quotation that this supplier won: the order takes over everything that was awarded to it.
    #[serde(default)]
    pub rfq_id: Option<RfqId>,
    /// The approved waiver (D-06); `currency` and `lines` are then needed.
    #[serde(default)]
    pub waiver_id: Option<SourcingWaiverId>,
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Only with a waiver: an award has its lines.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub lines: Vec<NewPurchaseOrderLine>,
    #[serde(default)]
    pub note: Option<Note>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// A line of an order under a waiver: all or a part of a requisition's line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPurchaseOrderLine {
    #[schema(value_type = String, format = Uuid)]
    pub requisition_line_id: Uuid,
    /// More than 0; together with other orders never more than was asked for.
    pub quantity: Quantity,
    /// Net, for one unit.
    pub unit_price: Amount,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
    /// Calendar days from sending to delivery; where `due_on` is absent it follows from them.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3650)]
    pub lead_time_days: Option<u16>,
    /// The day in Asia/Shanghai until which it is wanted here.
    #[serde(default)]
    pub due_on: Option<Day>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PurchaseOrderPatch {
    /// Only with a waiver; replaces all lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500, nullable = false)]
    pub lines: Option<Vec<NewPurchaseOrderLine>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub note: Patched<Note>,
}

/// An order that another system sent to the supplier. It needs no award, but its sums must be right.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"supplier_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "currency": "CNY", "ordered_on": "2025-04-15",
    "lines": [{"sku": "PUMP-40", "quantity": "4", "unit_price": "50.26", "tax_rate": "0.13"}],
    "total": {"amount": "227.18", "currency": "CNY"}})))]
pub struct ImportPurchaseOrder {
    pub supplier_id: SupplierId,
    pub currency: Currency,
    /// Not in the future.
    pub ordered_on: Day,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<ImportPurchaseOrderLine>,
    /// What it comes to, tax included; refused if the lines come to something else.
    #[serde(default)]
    pub total: Option<Money>,
    #[serde(default)]
    pub note: Option<Note>,
}

/// A line of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPurchaseOrderLine {
    /// An item's.
    pub sku: Code,
    #[serde(default)]
    pub specification: Option<Note>,
    /// More than 0.
    pub quantity: Quantity,
    /// Net, for one unit.
    pub unit_price: Amount,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
    #[serde(default)]
    pub due_on: Option<Day>,
}

/// When the supplier says that it will deliver.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"promised_on": "2030-04-01", "note": "王芳电话确认"})))]
pub struct SupplierPromise {
    /// The day in Asia/Shanghai; not in the past.
    pub promised_on: Day,
    #[serde(default)]
    pub note: Option<Label>,
}

/// Why it is not wanted any more.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PurchaseOrderReason {
    pub reason: Label,
}

/// A purchase order as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchaseOrder {
    pub id: PurchaseOrderId,
    /// `DRAFT-…` until it is approved; then gapless (ruling 10).
    pub number: String,
    pub status: PurchaseOrderStatus,
    pub origin: PurchaseOrderOrigin,
    pub case_id: Option<CaseId>,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub rfq_id: Option<RfqId>,
    pub waiver_id: Option<SourcingWaiverId>,
    pub lines: Vec<PurchaseOrderLine>,
    pub totals: Totals,
    pub note: Option<String>,
    /// Why it was sent back or cancelled.
    pub reason: Option<String>,
    /// The day in Asia/Shanghai on which it was sent.
    pub ordered_on: Option<Day>,
    /// What the supplier promised, oldest first; the last one counts.
    pub promises: Vec<PromiseMade>,
    /// Deliveries that have come.
    pub arrivals: i32,
    /// Discrepancies that are not closed.
    pub open_discrepancies: i32,
    pub external_refs: Vec<ExternalRef>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub sent_at: Option<Moment>,
    pub acknowledged_at: Option<Moment>,
    pub received_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A line as it stands. `quantity = received + forgone + open`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchaseOrderLine {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// 1, 2, 3 … within its order.
    pub line_number: i32,
    pub item_id: ItemId,
    pub sku: String,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub tax_rate: Rate,
    /// quantity × unit price, rounded.
    pub net: Amount,
    /// net × tax rate, rounded.
    pub tax: Amount,
    pub requisition_id: Option<RequisitionId>,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub requisition_line_id: Option<Uuid>,
    pub lead_time_days: Option<i32>,
    pub due_on: Option<Day>,
    /// Accepted into stock.
    pub received: Quantity,
    /// No longer expected: returned or credited.
    pub forgone: Quantity,
    /// Still expected.
    pub open: Quantity,
}

/// One promise of the supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseMade {
    pub promised_on: Day,
    pub note: Option<String>,
    pub at: Moment,
    /// Who recorded it.
    pub by: String,
}

page_query!(
    /// Which purchase orders.
    PurchaseOrderQuery {
        /// Only rows of one supplier.
        #[param(value_type = Option<String>, format = Uuid)]
        supplier_id: Uuid,
    }
);
