//! A requisition as it is kept: its head, its lines, and the purchase orders that cover them.
use super::lines::LineRow;
use crate::schema::{requisition_orders, requisitions};
use diesel::prelude::*;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency, Moment, Quantity,
    json::Kept,
    orders::{OrderId, ShortageId},
    procurement::{
        PurchaseOrderId, RequisitionId, RequisitionPriority, RequisitionSource, RequisitionStatus as Status,
        RollingWindow, SupplierId,
    },
};

/// The head's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requisitions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: RequisitionId,
    pub number: String,
    pub status: Status,
    pub source: RequisitionSource,
    pub priority: RequisitionPriority,
    pub case_id: CaseId,
    pub category: String,
    pub currency: Currency,
    /// Tax included.
    pub total: Amount,
    pub recommended_supplier_id: Option<SupplierId>,
    pub recommendation_reason: Option<String>,
    pub order_id: Option<OrderId>,
    pub shortage_id: Option<ShortageId>,
    pub plan_reference: Option<String>,
    pub reason: Option<String>,
    pub rolling_window: Option<Kept<RollingWindow>>,
    pub resubmitted_from_id: Option<RequisitionId>,
    pub resubmitted_as_id: Option<RequisitionId>,
    pub requester: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub act_by_at: Option<Moment>,
    pub overdue: bool,
    pub cause_event_id: Option<Uuid>,
    pub cause_part: Option<i32>,
    pub version: i32,
}

/// How far a purchase order is that covers a line; what comes later never goes back to `sent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Sent,
    Received,
    Cancelled,
}
impl Progress {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One purchase order's part of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = requisition_orders, treat_none_as_default_value = false)]
pub struct Covered {
    pub requisition_id: RequisitionId,
    pub requisition_line_id: Uuid,
    pub purchase_order_id: PurchaseOrderId,
    pub ordered: Quantity,
    /// One of [`Progress`].
    pub status: String,
}

/// A requisition with its lines and what covers them.
#[derive(Debug, Clone, Serialize)]
pub struct Requisition {
    pub head: Head,
    pub lines: Vec<LineRow>,
    pub covered: Vec<Covered>,
    /// Lines are written anew on the next save.
    #[serde(skip)]
    pub lines_changed: bool,
    /// What covers them is written anew on the next save.
    #[serde(skip)]
    pub covered_changed: bool,
}
platform::entity!(Requisition, "requisition", RequisitionId; row: head, case: some, owned);
