//! Approval policies over REST: versioned rows that say who decides on which amount (PLT-02, PLT-11).
use crate::{
    Amount, Code, Moment, Name, Note,
    approval::{ApprovalId, ApprovalStep, StepMode},
    id::id,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// One published version of an approval policy.
    PolicyId
);

/// An approval policy: what is asked under its key.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Policy {
    /// `procurement.requisition`: what the documents ask by.
    pub key: String,
    /// The version that holds now.
    pub in_force: Option<PolicyVersion>,
    /// The newest version, which may take effect later.
    pub newest_version: i32,
}

/// A published version; never edited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyVersion {
    pub id: PolicyId,
    /// What the documents ask by: `procurement.requisition`.
    pub key: String,
    /// 1, 2, 3 … of its key.
    pub version: i32,
    /// Ascending, without gap or overlap, from 0 without limit.
    pub tiers: Vec<PolicyTier>,
    /// A tier also needs the steps of the tiers below it.
    pub cumulative: bool,
    pub effective_from: Moment,
    pub published_by: String,
    /// Why it was changed.
    pub reason: String,
}
impl crate::Shown for PolicyVersion {
    fn version(&self) -> Option<i32> {
        Some(self.version)
    }
}

/// One end of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyBound {
    pub amount: Amount,
    /// Does the tier hold the amount itself? (D-04: "以上/以内" do, "超过/低于" do not.)
    pub included: bool,
}

/// Amounts from one bound to the other, and who decides on them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyTier {
    pub from: PolicyBound,
    /// Absent: without limit.
    pub to: Option<PolicyBound>,
    pub steps: Vec<ApprovalStep>,
}

/// A tier as it is proposed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicyTier {
    pub from: PolicyBound,
    #[serde(default)]
    pub to: Option<PolicyBound>,
    /// Heard one after the other.
    #[schema(min_items = 1, max_items = 10)]
    pub steps: Vec<NewPolicyStep>,
}

/// A step as it is proposed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicyStep {
    pub name: Name,
    pub mode: StepMode,
    /// Words of the roles, each once.
    #[schema(min_items = 1, max_items = 10)]
    pub roles: Vec<Code>,
}

/// The next version of a policy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"follows": 1, "tiers": [{"from": {"amount": "0", "included": true}, "steps": [{"name": "sales management", "mode": "any", "roles": ["sales_manager"]}]}], "reason": "yearly review"})))]
pub struct NewPolicyVersion {
    /// The newest version that its author has seen: two authors cannot overwrite each other.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub follows: i32,
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Vec<NewPolicyTier>,
    /// A tier also needs the steps of the tiers below it.
    #[serde(default)]
    pub cumulative: bool,
    /// Not in the past, not before a version that waits already; now if not said.
    #[serde(default)]
    pub effective_from: Option<Moment>,
    /// Why (PLT-11).
    pub reason: Note,
}

/// A draft to be tried on the past.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulatePolicy {
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Vec<NewPolicyTier>,
    /// A tier also needs the steps of the tiers below it.
    #[serde(default)]
    pub cumulative: bool,
}

/// What the draft would have asked of whom, question by question; nothing is changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicySimulation {
    /// What the documents ask by: `procurement.requisition`.
    pub key: String,
    /// Questions looked at: the newest 1000 at most.
    pub asked: usize,
    /// Questions that would have gone to other people.
    pub changed: usize,
    /// Questions that nobody could decide under the draft, with today's directory.
    pub refused: usize,
    /// Questions of which no amount is known; they count as the highest tier.
    pub without_amount: usize,
    pub approvals: Vec<SimulatedApproval>,
}
impl crate::Shown for PolicySimulation {}

/// One past question, then and under the draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimulatedApproval {
    pub approval_id: ApprovalId,
    /// The document that is to be approved.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    /// Number of that document.
    pub subject_number: String,
    pub amount: Option<Amount>,
    pub asked_at: Moment,
    /// Index of the tier that decided.
    pub tier_then: i32,
    pub steps_then: Vec<ApprovalStep>,
    /// Absent where the draft would have been refused.
    pub tier_now: Option<i32>,
    pub steps_now: Vec<ApprovalStep>,
    /// Would other people be asked?
    pub changed: bool,
    /// Code of the refusal.
    pub refused: Option<String>,
}
