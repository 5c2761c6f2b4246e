//! Acceptances, the customer's looking over of what was delivered: bodies and words (ORD-34, 36, 38).
use crate::{
    Action, CaseId, Evidence, Label, Moment, Note,
    orders::{AcceptanceId, AcceptanceStep, OnSilence, OrderId},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// The life of an acceptance (ORD-34).
    AcceptanceStatus {
        Invited => "invited" "已邀请" "Invited",
        Testing => "testing" "测试中" "Testing",
        Accepted => "accepted" "已验收" "Accepted",
        Rejected => "rejected" "未通过" "Rejected",
    }
);
resource!(Acceptance);

/// 《验收邀请函》 for a delivered order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"order_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab"})))]
pub struct InviteAcceptance {
    pub order_id: OrderId,
    /// The contract's criteria (CON-29) if absent, and where it names none: complete and undamaged.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub criteria: Vec<Label>,
    /// 测试账号: how the customer gets at what is to be tested.
    #[serde(default)]
    pub test_account: Option<Note>,
}

/// The customer's yes, recorded on their behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"evidence": {"channel": "document", "person": "李雷", "at": "2026-03-02T01:30:00Z"}})))]
pub struct AcceptDelivery {
    pub evidence: Evidence,
}

/// The customer's no, and why.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectDelivery {
    pub reason: Label,
    #[serde(default)]
    pub evidence: Option<Evidence>,
}

/// An acceptance as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Acceptance {
    pub id: AcceptanceId,
    pub number: String,
    pub status: AcceptanceStatus,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    /// What must hold for the customer to accept.
    pub criteria: Vec<String>,
    /// 测试账号: how the customer gets at what is to be tested.
    pub test_account: Option<String>,
    /// Seven working days after the invitation; overdue is what comes after it (ORD-36).
    pub due_at: Moment,
    pub calendar_id: String,
    /// What silence leads to, as the policy said when the customer was invited (D-13).
    pub on_silence: OnSilence,
    /// The number of that policy.
    pub policy_number: String,
    /// Reminders, overdue and escalation, in time.
    pub steps: Vec<AcceptanceStep>,
    pub overdue_at: Option<Moment>,
    pub escalated_at: Option<Moment>,
    /// Accepted by the policy because the customer was silent, not by the customer.
    pub deemed_accepted: bool,
    pub evidence: Option<Evidence>,
    /// Why it was rejected.
    pub reason: Option<String>,
    pub decided_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
