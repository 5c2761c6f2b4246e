//! Requirement specifications: what the customer needs, clarified until confirmed (CRM-18, 19).
use crate::{
    Action, CaseId, Code, Evidence, Label, Moment, Name, Note, Ownership, Quantity, Snapshot,
    crm::{AccountId, OpportunityId, RequirementSpecId},
    resource::resource,
    snapshot::snapshots,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a specification (CRM-18).
    RequirementSpecStatus {
        Draft => "draft" "草稿" "Draft",
        Submitted => "submitted" "待客户确认" "Submitted",
        Clarifying => "clarifying" "澄清中" "Clarifying",
        Confirmed => "confirmed" "已确认" "Confirmed",
        Superseded => "superseded" "已被新版本取代" "Superseded",
    }
);
words!(
    /// What an item is about (CRM-16).
    SpecField {
        Function => "function" "功能" "Function",
        Performance => "performance" "性能" "Performance",
        Specification => "specification" "规格" "Specification",
        Quantity => "quantity" "数量" "Quantity",
        Delivery => "delivery" "交付周期" "Delivery",
        Service => "service" "服务要求" "Service",
        Budget => "budget" "预算范围" "Budget",
    }
);
words!(
    /// How much it matters.
    SpecPriority {
        Must => "must" "必须" "Must",
        Should => "should" "期望" "Should",
    }
);
resource!(RequirementSpec);

/// One need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecItem {
    /// What others name it by. Given when it is first put down; an item sent back with it stays the same item, also in a later
    /// revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub id: Option<Uuid>,
    pub field: SpecField,
    pub priority: SpecPriority,
    /// What is needed, so that it can be checked.
    pub text: Label,
    /// The product it is about, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
}

/// A specification as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"opportunity_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "title": "二期泵站需求",
    "items": [{"field": "quantity", "priority": "must", "text": "12 台卧式泵", "sku": "PUMP-40", "quantity": "12"}]})))]
pub struct NewRequirementSpec {
    pub opportunity_id: OpportunityId,
    pub title: Name,
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<SpecItem>,
}

/// Changes a draft, or one that is being clarified; items are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementSpecPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 200, nullable = false)]
    pub items: Option<Vec<SpecItem>>,
}

/// A question about it, with the answer if that is known already.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClarifyRequirementSpec {
    pub question: Label,
    #[serde(default)]
    pub answer: Option<Note>,
}

/// The answer to an open question.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerClarification {
    /// Of one of its `clarifications`.
    #[schema(value_type = String, format = Uuid)]
    pub clarification_id: Uuid,
    pub answer: Note,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clarification {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub question: String,
    /// Who put the question down: `user:ann`.
    pub asked_by: String,
    pub asked_at: Moment,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<Moment>,
}

/// The customer's yes, recorded on their behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequirementSpec {
    pub evidence: Evidence,
}

/// A specification as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequirementSpec {
    pub id: RequirementSpecId,
    pub number: String,
    /// 1, 2, 3 …: revisions keep the number.
    pub revision: i32,
    pub status: RequirementSpecStatus,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub account_id: AccountId,
    pub title: String,
    pub items: Vec<SpecItem>,
    pub clarifications: Vec<Clarification>,
    /// How often it came back from the customer.
    pub loop_count: i32,
    /// Why a change was asked for.
    pub reason: Option<String>,
    /// What shows that the customer confirmed it.
    pub evidence: Option<Evidence>,
    /// The confirmed revision that it takes the place of.
    pub supersedes_id: Option<RequirementSpecId>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub confirmed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// What the customer needs, at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequirementSpecSnapshot {
    pub id: RequirementSpecId,
    pub number: String,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub account_id: AccountId,
    /// Its state then, a word of its state machine.
    pub status: String,
    /// Empty where it was told before items were.
    #[serde(default)]
    pub items: Vec<SpecItem>,
    /// Whose deal it is, if that is told.
    #[serde(default)]
    pub owner: Option<Ownership>,
    pub version: i32,
}
impl Snapshot for RequirementSpecSnapshot {
    const KIND: &'static str = "requirement_spec";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(RequirementSpecSnapshot =>
    /// Sent to the customer (CRM-18).
    RequirementSpecSubmitted = "crm.requirement_spec.submitted.v1",
    /// The customer confirmed it (CRM-19): quotes that name it may be issued.
    RequirementSpecConfirmed = "crm.requirement_spec.confirmed.v1",
    /// It is another customer's: two were found to be one (CRM-28).
    RequirementSpecMoved = "crm.requirement_spec.moved.v1",
);
