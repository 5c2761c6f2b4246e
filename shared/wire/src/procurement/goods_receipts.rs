//! Goods receipts: what arrived, what the inspection within four hours found, what went into stock (PRO-27 to PRO-29).
use super::{GoodsReceiptId, ItemId, PurchaseOrderId, SupplierId};
use crate::{
    Action, CaseId, Code, ExternalRef, Label, Moment, Quantity, event::event, page::page_query, resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a goods receipt (PRO-27).
    GoodsReceiptStatus {
        Arrived => "arrived" "已到货" "Arrived",
        Inspecting => "inspecting" "验收中" "Inspecting",
        Accepted => "accepted" "已验收" "Accepted",
        PartiallyAccepted => "partially_accepted" "部分验收" "Partially accepted",
        Rejected => "rejected" "已拒收" "Rejected",
    }
);
words!(
    /// Who says that the goods came.
    GoodsReceiptOrigin {
        Recorded => "recorded" "仓库登记" "Recorded",
        Imported => "imported" "系统导入" "Imported",
    }
);
resource!(GoodsReceipt);

/// A delivery that arrived.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"purchase_order_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "delivery_note_number": "DN-20260302-7"})))]
pub struct NewGoodsReceipt {
    pub purchase_order_id: PurchaseOrderId,
    /// As the supplier's delivery note says.
    pub delivery_note_number: Code,
    /// Now if absent; not in the future (by more than a minute).
    #[serde(default)]
    pub arrived_at: Option<Moment>,
    /// What the delivery note lists; all that is still expected if absent.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub lines: Vec<NewGoodsReceiptLine>,
}

/// A line of the delivery note.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGoodsReceiptLine {
    /// The line of the purchase order that these goods are of.
    #[schema(value_type = String, format = Uuid)]
    pub purchase_order_line_id: Uuid,
    /// What the delivery note says; more than 0.
    pub noted: Quantity,
}

/// What the inspection found; recorded again, it replaces what was recorded before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordInspection {
    /// Every line of the receipt, each once.
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<InspectedLine>,
}

/// One line, counted unit by unit and looked at. `accepted + rejected = counted`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"line_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "counted": "10", "quantity_ok": true,
    "appearance_ok": false, "specification_ok": true, "accepted": "8", "rejected": "2", "location": "B-02", "remark": "两件外壳破损"})))]
pub struct InspectedLine {
    /// The receipt's.
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub counted: Quantity,
    /// As many as the delivery note says.
    pub quantity_ok: bool,
    /// Undamaged.
    pub appearance_ok: bool,
    /// What was ordered.
    pub specification_ok: bool,
    pub accepted: Quantity,
    pub rejected: Quantity,
    /// The bin that the accepted goods go to; `MAIN` if absent.
    #[serde(default)]
    pub location: Option<Code>,
    /// What else was seen.
    #[serde(default)]
    pub remark: Option<Label>,
}

/// Takes what passed into stock.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptGoodsReceipt {
    /// The signed delivery note (PRO-28).
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub delivery_note_id: Option<Uuid>,
    /// At least one photo (PRO-28).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub photo_ids: Vec<Uuid>,
}

/// Nothing of it passed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectGoodsReceipt {
    pub reason: Label,
    /// At least one photo (PRO-31).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub photo_ids: Vec<Uuid>,
}

/// A receipt that another system has inspected and accepted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"purchase_order_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "delivery_note_number": "DN-1",
    "arrived_at": "2025-04-29T02:00:00Z", "lines": [{"line_number": 1, "accepted": "3", "rejected": "1"}], "completes": true})))]
pub struct ImportGoodsReceipt {
    pub purchase_order_id: PurchaseOrderId,
    /// As the supplier's delivery note says.
    pub delivery_note_number: Code,
    /// Not in the future.
    pub arrived_at: Moment,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<ImportGoodsReceiptLine>,
    /// Nothing more will come: what is open then is no longer expected.
    #[serde(default)]
    pub completes: bool,
    /// The opening balances hold these goods already: the order moves on, the stock does not.
    #[serde(default)]
    pub in_opening_balance: bool,
}

/// A line of it. What was rejected is settled there and no longer expected here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportGoodsReceiptLine {
    /// The purchase order's.
    #[schema(minimum = 1, maximum = 500)]
    pub line_number: u16,
    pub accepted: Quantity,
    #[serde(default)]
    pub rejected: Quantity,
    /// `MAIN` if absent.
    #[serde(default)]
    pub location: Option<Code>,
}

/// A goods receipt as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoodsReceipt {
    pub id: GoodsReceiptId,
    pub number: String,
    pub status: GoodsReceiptStatus,
    pub origin: GoodsReceiptOrigin,
    pub purchase_order_id: PurchaseOrderId,
    /// Number of the purchase order that it belongs to.
    pub purchase_order_number: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub case_id: Option<CaseId>,
    /// As the supplier's delivery note says.
    pub delivery_note_number: String,
    pub lines: Vec<GoodsReceiptLine>,
    pub arrived_at: Moment,
    /// Four working hours after arrival (D-12).
    pub inspect_by_at: Moment,
    pub calendar_id: String,
    /// When it was found to be late, if it was.
    pub overdue_at: Option<Moment>,
    pub inspected_at: Option<Moment>,
    pub inspected_by: Option<String>,
    /// The signed delivery note, an attachment (PRO-28).
    #[schema(value_type = Option<String>, format = Uuid)]
    pub delivery_note_id: Option<Uuid>,
    /// Attachments: what the goods looked like.
    pub photo_ids: Vec<Uuid>,
    /// Why it was rejected.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A line as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoodsReceiptLine {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub line_number: i32,
    /// The line of the purchase order that these goods are of.
    #[schema(value_type = String, format = Uuid)]
    pub purchase_order_line_id: Uuid,
    pub item_id: ItemId,
    pub sku: String,
    /// What the delivery note says.
    pub noted: Quantity,
    /// Absent until it is inspected, like the three findings.
    pub counted: Option<Quantity>,
    /// As many as the delivery note says.
    pub quantity_ok: Option<bool>,
    /// Undamaged.
    pub appearance_ok: Option<bool>,
    /// What was ordered.
    pub specification_ok: Option<bool>,
    pub accepted: Quantity,
    pub rejected: Quantity,
    /// The bin that the accepted goods go to.
    pub location: String,
    /// What else was seen.
    pub remark: Option<String>,
}

page_query!(
    /// Which receipts.
    GoodsReceiptQuery {
        /// Only rows of one purchase order.
        #[param(value_type = Option<String>, format = Uuid)]
        purchase_order_id: Uuid,
        /// Only those that were not inspected in time, or only the others.
        overdue: bool,
    }
);

/// What a receipt's facts share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoodsReceiptSnapshot {
    pub goods_receipt_id: GoodsReceiptId,
    pub number: String,
    pub purchase_order_id: PurchaseOrderId,
    /// Number of the purchase order that it belongs to.
    pub purchase_order_number: String,
    pub supplier_id: SupplierId,
    /// As the supplier's delivery note says.
    pub delivery_note_number: String,
    pub arrived_at: Moment,
    pub inspect_by_at: Moment,
    pub calendar_id: String,
    pub lines: Vec<ReceivedLine>,
}

/// One line of it, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceivedLine {
    /// The receipt's.
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    /// The line of the purchase order that these goods are of.
    #[schema(value_type = String, format = Uuid)]
    pub purchase_order_line_id: Uuid,
    pub sku: String,
    pub noted: Quantity,
    pub accepted: Quantity,
    pub rejected: Quantity,
}

/// Goods are at the gate; they are to be inspected within four working hours (PRO-27).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoodsReceiptArrived {
    #[serde(flatten)]
    pub goods_receipt: GoodsReceiptSnapshot,
}
event!(GoodsReceiptArrived = "procurement.goods_receipt.arrived.v1");

/// They were not; said once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoodsReceiptOverdue {
    #[serde(flatten)]
    pub goods_receipt: GoodsReceiptSnapshot,
}
event!(GoodsReceiptOverdue = "procurement.goods_receipt.overdue.v1");

/// All or a part of a delivery passed the inspection (PRO-28).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoodsReceiptAccepted {
    #[serde(flatten)]
    pub goods_receipt: GoodsReceiptSnapshot,
    /// `accepted` or `partially_accepted`.
    pub status: String,
    pub inspected_at: Moment,
}
event!(GoodsReceiptAccepted = "procurement.goods_receipt.accepted.v1");

/// Nothing of a delivery passed the inspection.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoodsReceiptRejected {
    #[serde(flatten)]
    pub goods_receipt: GoodsReceiptSnapshot,
    pub reason: String,
    pub inspected_at: Moment,
}
event!(GoodsReceiptRejected = "procurement.goods_receipt.rejected.v1");
