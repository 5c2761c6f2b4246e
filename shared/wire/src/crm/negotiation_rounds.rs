//! Rounds of negotiation: what we want, what they want, what was agreed, term by term (CRM-23).
use crate::{
    Action, CaseId, Evidence, Moment, Note, Patched, crm::OpportunityId, event::event, id::id, resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A round of negotiation.
    NegotiationRoundId,
);
words!(
    /// The life of a round (CRM-23).
    NegotiationStatus {
        Open => "open" "洽谈中" "Open",
        Agreed => "agreed" "达成一致" "Agreed",
        Failed => "failed" "未达成一致" "Failed",
    }
);
words!(
    /// What is negotiated (CRM-23).
    NegotiationTerm {
        Cooperation => "cooperation" "合作方式" "Way of working together",
        Price => "price" "价格" "Price",
        Payment => "payment" "付款方式" "Payment",
        Delivery => "delivery" "交货期" "Delivery",
        Service => "service" "售后服务" "After-sales service",
    }
);
resource!(NegotiationRound);

/// Where both sides stand on one term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NegotiationPosition {
    pub term: NegotiationTerm,
    /// What we want.
    pub ours: Note,
    /// What the customer wants.
    #[serde(default)]
    pub theirs: Option<Note>,
    /// What both sides settled on.
    #[serde(default)]
    pub agreed: Option<Note>,
}

/// A round as it begins.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"opportunity_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab",
    "positions": [{"term": "price", "ours": "含税 16102.50", "theirs": "不超过 15000"}, {"term": "payment", "ours": "预付 30%"}]})))]
pub struct NewNegotiationRound {
    pub opportunity_id: OpportunityId,
    /// One a term at most.
    #[schema(min_items = 1, max_items = 5)]
    pub positions: Vec<NegotiationPosition>,
    #[serde(default)]
    pub note: Option<Note>,
}

/// Changes an open round; positions are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NegotiationRoundPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 5, nullable = false)]
    pub positions: Option<Vec<NegotiationPosition>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub note: Patched<Note>,
}

/// Both sides agree, recorded on the customer's behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeNegotiationRound {
    pub evidence: Evidence,
}

/// A round as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NegotiationRound {
    pub id: NegotiationRoundId,
    pub status: NegotiationStatus,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    /// 1, 2, 3 … of the opportunity.
    pub round: i32,
    pub positions: Vec<NegotiationPosition>,
    pub note: Option<String>,
    /// Why it failed.
    pub reason: Option<String>,
    /// What shows that the customer agreed.
    pub evidence: Option<Evidence>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A round came to its end (CRM-23).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NegotiationRoundClosed {
    pub negotiation_round_id: NegotiationRoundId,
    pub opportunity_id: OpportunityId,
    /// 1, 2, 3 … of its opportunity.
    pub round: i32,
    /// `agreed` or `failed`.
    pub status: NegotiationStatus,
    /// Terms that have an agreed position.
    pub agreed: Vec<NegotiationTerm>,
}
event!(NegotiationRoundClosed = "crm.negotiation.round_closed.v1");
