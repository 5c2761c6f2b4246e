//! Discrepancies: what was wrong with a delivery, what the supplier says, how it ended (PRO-31).
use super::{DiscrepancyId, GoodsReceiptId, PurchaseOrderId, SupplierId};
use crate::{
    Action, CaseId, Label, Moment, Note, Quantity, event::event, page::page_query, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a discrepancy (PRO-31).
    DiscrepancyStatus {
        Opened => "opened" "已登记" "Opened",
        SupplierContacted => "supplier_contacted" "已联系供应商" "Supplier contacted",
        Return => "return" "退货" "Return",
        Exchange => "exchange" "换货" "Exchange",
        Credit => "credit" "扣款" "Credit",
        AcceptAsIs => "accept_as_is" "让步接收" "Accept as is",
        Closed => "closed" "已关闭" "Closed",
    }
);
words!(
    /// What is wrong.
    DiscrepancyKind {
        Quantity => "quantity" "数量不符" "Quantity",
        Quality => "quality" "质量问题" "Quality",
        Specification => "specification" "规格不符" "Specification",
        Damage => "damage" "外观破损" "Damage",
    }
);
words!(
    /// Where the goods in question are.
    DiscrepancyNature {
        Rejected => "rejected" "拒收" "Here, and not accepted",
        Missing => "missing" "短少" "On the delivery note, but not here",
        Reported => "reported" "人工登记" "Reported by a person; moves no goods",
    }
);
words!(
    /// How it ends.
    DiscrepancyResolution {
        Return => "return" "退货" "The goods go back and are no longer expected",
        Exchange => "exchange" "换货" "The supplier delivers again",
        Credit => "credit" "扣款" "The supplier credits them; they are no longer expected",
        AcceptAsIs => "accept_as_is" "让步接收" "They go into stock as they are",
    }
);
resource!(Discrepancy);

/// Something that is wrong beside the quantities of the inspection: papers, packaging, goods that nobody ordered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"goods_receipt_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "kind": "quality",
    "description": "缺少质量合格证", "attachment_ids": ["01932c5e-7b1a-7c3d-9e4f-0123456789ac"]})))]
pub struct NewDiscrepancy {
    pub goods_receipt_id: GoodsReceiptId,
    /// The receipt's, if it is about one of them.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub goods_receipt_line_id: Option<Uuid>,
    pub kind: DiscrepancyKind,
    /// What is wrong.
    pub description: Note,
    /// Photos: at least one.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachment_ids: Vec<Uuid>,
}

/// What the supplier said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactSupplier {
    pub note: Label,
}

/// What is to be done.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveDiscrepancy {
    pub resolution: DiscrepancyResolution,
    pub note: Label,
}

/// It is done.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseDiscrepancy {
    /// The signed delivery note, where goods are accepted as they are and none was signed before.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub delivery_note_id: Option<Uuid>,
}

/// A discrepancy as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Discrepancy {
    pub id: DiscrepancyId,
    pub number: String,
    pub status: DiscrepancyStatus,
    pub nature: DiscrepancyNature,
    pub kind: DiscrepancyKind,
    pub goods_receipt_id: GoodsReceiptId,
    /// The receipt's line, if it is about one of them.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub goods_receipt_line_id: Option<Uuid>,
    pub purchase_order_id: PurchaseOrderId,
    /// Number of the purchase order that it belongs to.
    pub purchase_order_number: String,
    pub supplier_id: SupplierId,
    pub case_id: Option<CaseId>,
    pub sku: Option<String>,
    /// The goods in question; 0 where none are.
    pub quantity: Quantity,
    /// What is wrong.
    pub description: Option<String>,
    /// Photos and papers that show it.
    pub attachment_ids: Vec<Uuid>,
    /// What the supplier said.
    pub contact_note: Option<String>,
    pub contacted_at: Option<Moment>,
    pub resolution: Option<DiscrepancyResolution>,
    /// Why it is settled so.
    pub resolution_note: Option<String>,
    /// Who said what is to be done: `user:ann`.
    pub resolved_by: Option<String>,
    pub resolved_at: Option<Moment>,
    /// Who found it: `user:ann`; a job or event where the inspection did.
    pub opened_by: String,
    pub opened_at: Moment,
    pub closed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which discrepancies.
    DiscrepancyQuery {
        /// Only rows of one purchase order.
        #[param(value_type = Option<String>, format = Uuid)]
        purchase_order_id: Uuid,
        /// Only rows of one goods receipt.
        #[param(value_type = Option<String>, format = Uuid)]
        goods_receipt_id: Uuid,
        /// Only rows of one supplier.
        #[param(value_type = Option<String>, format = Uuid)]
        supplier_id: Uuid,
    }
);

/// What a discrepancy's facts share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DiscrepancySnapshot {
    pub discrepancy_id: DiscrepancyId,
    pub number: String,
    /// `rejected`, `missing` or `reported`.
    pub nature: String,
    /// `quantity`, `quality`, `specification` or `damage`.
    pub kind: String,
    pub goods_receipt_id: GoodsReceiptId,
    pub purchase_order_id: PurchaseOrderId,
    /// Number of the purchase order that it belongs to.
    pub purchase_order_number: String,
    pub supplier_id: SupplierId,
    pub sku: Option<String>,
    pub quantity: Quantity,
}

/// Something is wrong with a delivery; its order is to be dealt with (待处理).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DiscrepancyOpened {
    #[serde(flatten)]
    pub discrepancy: DiscrepancySnapshot,
}
event!(DiscrepancyOpened = "procurement.discrepancy.opened.v1");

/// It is settled.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DiscrepancyClosed {
    #[serde(flatten)]
    pub discrepancy: DiscrepancySnapshot,
    /// `return`, `exchange`, `credit` or `accept_as_is`.
    pub resolution: String,
}
event!(DiscrepancyClosed = "procurement.discrepancy.closed.v1");
