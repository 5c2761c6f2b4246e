//! Sourcing waivers: leave to buy without three quotes (D-06).
use super::{RequisitionId, SourcingWaiverId, SupplierId};
use crate::{
    Action, CaseId, Label, Moment, Money, Note, event::event, page::page_query, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a waiver (D-06).
    SourcingWaiverStatus {
        Draft => "draft" "草稿" "Draft",
        InApproval => "in_approval" "审批中" "In approval",
        Approved => "approved" "已批准" "Approved",
        Rejected => "rejected" "已驳回" "Rejected",
        Used => "used" "已使用" "Used",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// Why three quotes are not to be had (D-06).
    WaiverReason {
        SoleSource => "sole_source" "独家供应" "Sole source",
        Urgent => "urgent" "紧急采购" "Urgent",
        FewerThanThree => "fewer_than_three" "合格供应商不足三家" "Fewer than three are qualified",
    }
);
resource!(SourcingWaiver);

/// A waiver as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"reason_code": "sole_source", "justification": "该设备仅由原厂供货。",
    "supplier_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ac", "requisition_ids": ["01932c5e-7b1a-7c3d-9e4f-0123456789ab"],
    "attachment_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ad"})))]
pub struct NewSourcingWaiver {
    pub reason_code: WaiverReason,
    /// Why three quotes are not to be had, in words.
    pub justification: Note,
    /// Who is to be bought from.
    pub supplier_id: SupplierId,
    /// Approved requisitions that are not ordered yet.
    #[schema(min_items = 1, max_items = 50)]
    pub requisition_ids: Vec<RequisitionId>,
    /// What proves the reason.
    #[schema(value_type = String, format = Uuid)]
    pub attachment_id: Uuid,
}

/// Mends a draft or a rejected waiver (RFC 7396): what is absent stays; a rejected one is a draft again.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcingWaiverPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason_code: Option<WaiverReason>,
    /// Why three quotes are not to be had, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub justification: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid, nullable = false)]
    pub attachment_id: Option<Uuid>,
}

/// Why it is given up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcingWaiverEnd {
    pub reason: Label,
}

/// A waiver as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourcingWaiver {
    pub id: SourcingWaiverId,
    pub number: String,
    pub status: SourcingWaiverStatus,
    pub case_id: Option<CaseId>,
    pub reason_code: WaiverReason,
    /// Why three quotes are not to be had, in words.
    pub justification: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub requisition_ids: Vec<RequisitionId>,
    /// What the open lines of the requisitions are estimated at: the tier of the approver hangs on it.
    pub total: Money,
    #[schema(value_type = String, format = Uuid)]
    pub attachment_id: Uuid,
    /// Why it was rejected or given up.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub decided_at: Option<Moment>,
    /// When a request for quotation or a purchase order used it up.
    pub used_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Filters of the list.
    SourcingWaiverQuery {
        /// Only those that cover this requisition.
        #[param(value_type = Option<String>, format = Uuid)]
        requisition_id: Uuid,
    }
);

/// One more purchase without three quotes: counted in the KPIs (D-06).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourcingWaiverApproved {
    pub sourcing_waiver_id: SourcingWaiverId,
    pub number: String,
    pub reason_code: WaiverReason,
    pub supplier_id: SupplierId,
    pub requisition_ids: Vec<RequisitionId>,
    pub total: Money,
}
event!(SourcingWaiverApproved = "procurement.sourcing_waiver.approved.v1");
