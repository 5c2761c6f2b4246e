//! Requisitions: what someone wants bought, why, and how far it is (PRO-02, 04, 08, 09).
use super::{RequisitionId, SupplierId};
use crate::{
    Action, Amount, CaseId, Code, Currency, Day, Label, Moment, Money, Name, Note, Patched, Quantity, Rate, Reference,
    line::Totals,
    orders::{OrderId, ShortageId},
    page::page_query,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a requisition (PRO-02).
    RequisitionStatus {
        Draft => "draft" "草稿" "Draft",
        InApproval => "in_approval" "审批中" "In approval",
        Approved => "approved" "已批准" "Approved",
        Rejected => "rejected" "已驳回" "Rejected",
        Ordered => "ordered" "已下单" "Ordered",
        Closed => "closed" "已关闭" "Closed",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// What made it necessary (PRO-08).
    RequisitionSource {
        Manual => "manual" "人工申请" "Someone asked",
        Order => "order" "订单缺货" "Short for an order",
        Plan => "plan" "生产计划" "Production plan",
        Reorder => "reorder" "库存补货" "Stock ran low",
    }
);
words!(
    /// How fast it must be acted on (PRO-09).
    RequisitionPriority {
        Normal => "normal" "普通" "Normal",
        Urgent => "urgent" "加急" "Urgent",
    }
);
resource!(Requisition);

/// A requisition as it is asked for; the department and the requester are the caller's.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"category": "office_supplies", "currency": "CNY", "lines": [{"name": "办公椅", "specification": "带扶手 / with arms",
    "unit": "把", "quantity": "4", "estimated_unit_price": "350.00", "tax_rate": "0.13", "purpose": "新员工 / new staff"}]})))]
pub struct NewRequisition {
    /// `manual` if absent, or `plan`; the others come about by themselves.
    #[serde(default)]
    pub source: Option<RequisitionSource>,
    /// The production plan's number, for source `plan` only.
    #[serde(default)]
    pub plan_reference: Option<Reference>,
    /// `normal` if absent.
    #[serde(default)]
    pub priority: Option<RequisitionPriority>,
    /// The code of a supplier category.
    pub category: Code,
    pub currency: Currency,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<NewRequisitionLine>,
    #[serde(default)]
    pub recommended_supplier_id: Option<SupplierId>,
    /// Required with a recommended supplier.
    #[serde(default)]
    pub recommendation_reason: Option<Note>,
}

/// A thing someone wants: one of our items by its sku, or anything else by name, specification and unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequisitionLine {
    /// Of an active item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Code>,
    /// The item's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Model and specification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specification: Option<Label>,
    /// The item's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Code>,
    /// More than 0.
    pub quantity: Quantity,
    /// Net, for one unit; the item's purchase price if absent. Known at the latest when the requisition is submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_unit_price: Option<Amount>,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
    /// What it is for.
    pub purpose: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_on: Option<Day>,
    /// The order's line that it covers; only one that the requisition was drafted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub order_line_id: Option<Uuid>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties; lines are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequisitionPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub priority: Option<RequisitionPriority>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub category: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    pub lines: Option<Vec<NewRequisitionLine>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<SupplierId>)]
    pub recommended_supplier_id: Patched<SupplierId>,
    /// Why the recommended supplier; required with one.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub recommendation_reason: Patched<Note>,
}

/// Why it is cancelled or closed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequisitionReason {
    pub reason: Label,
}

/// A requisition as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Requisition {
    pub id: RequisitionId,
    pub number: String,
    pub status: RequisitionStatus,
    pub source: RequisitionSource,
    pub priority: RequisitionPriority,
    pub case_id: CaseId,
    /// The department that asks.
    pub department: Option<String>,
    /// Who asks; whoever submits it, where nobody asked.
    pub requester: Option<String>,
    pub category: String,
    pub lines: Vec<RequisitionLine>,
    /// Estimated.
    pub totals: Totals,
    pub recommended_supplier_id: Option<SupplierId>,
    /// Why the recommended supplier; required with one.
    pub recommendation_reason: Option<String>,
    /// The order whose shortage it covers.
    pub order_id: Option<OrderId>,
    pub shortage_id: Option<ShortageId>,
    /// The production plan's number, for source `plan`.
    pub plan_reference: Option<String>,
    /// Why it was rejected, cancelled or closed.
    pub reason: Option<String>,
    /// What the approvers were chosen by (D-14); known once it is submitted.
    pub rolling_window: Option<RollingWindow>,
    /// The rejected requisition that this one asks for again.
    pub resubmitted_from_id: Option<RequisitionId>,
    /// The requisition that asks for it again.
    pub resubmitted_as_id: Option<RequisitionId>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    /// When it should be ordered: sooner where it is urgent.
    pub act_by_at: Option<Moment>,
    /// The calendar that counted.
    pub calendar_id: String,
    /// That moment passed before it was ordered.
    pub overdue: bool,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// One line, and how much of it is on its way.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequisitionLine {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub line_number: i32,
    /// Absent for what is no item of ours.
    pub sku: Option<String>,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    /// Net, for one unit; 0 while nobody knows.
    pub estimated_unit_price: Amount,
    pub tax_rate: Rate,
    pub net: Amount,
    pub tax: Amount,
    /// What it is for.
    pub purpose: String,
    pub needed_on: Option<Day>,
    /// The order's line that it covers.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub order_line_id: Option<Uuid>,
    /// By purchase orders that were sent.
    pub ordered: Quantity,
}

/// A purchase cannot be split to stay under a threshold: what the same person asked for lately, in the same category and
/// not of another supplier, counts together (D-14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RollingWindow {
    /// How far back it reaches.
    pub days: u16,
    /// This requisition and those counted with it, tax included: what the approval tiers looked at.
    pub total: Money,
    /// The others, oldest first.
    pub requisitions: Vec<CountedRequisition>,
}

/// One that counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountedRequisition {
    pub requisition_id: RequisitionId,
    pub number: String,
    /// Tax included.
    pub total: Amount,
}

page_query!(
    /// Which requisitions.
    RequisitionQuery {
        /// Only those that came about so.
        #[param(max_length = 64)]
        source: String,
        /// Only those of this priority.
        #[param(max_length = 64)]
        priority: String,
        /// Only what covers a shortage of this order.
        #[param(value_type = Option<String>, format = Uuid)]
        order_id: Uuid,
    }
);
