//! Single needs, pains and expectations of a customer, before and beside the specification (CRM-17).
use crate::{
    Action, CaseId, Moment, Note,
    crm::{OpportunityId, RequirementSpecId, SpecPriority},
    event::event,
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A need, pain or expectation.
    RequirementItemId,
);
words!(
    /// What an item is (CRM-17).
    RequirementItemKind {
        Need => "need" "业务需求" "Need",
        Pain => "pain" "痛点" "Pain",
        Expectation => "expectation" "期望解决方案" "Expected solution",
    }
);
words!(
    /// The life of an item (CRM-17).
    RequirementItemStatus {
        Open => "open" "待处理" "Open",
        Addressed => "addressed" "已解决" "Addressed",
        Dropped => "dropped" "已放弃" "Dropped",
    }
);
resource!(RequirementItem);

/// An item as the customer has told it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"opportunity_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "kind": "pain", "priority": "must", "text": "旧泵每月停机两次"})))]
pub struct NewRequirementItem {
    pub opportunity_id: OpportunityId,
    pub kind: RequirementItemKind,
    pub priority: SpecPriority,
    /// In the customer's words.
    pub text: Note,
}

/// Changes an open item.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementItemPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<RequirementItemKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub priority: Option<SpecPriority>,
    /// In the customer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<Note>,
}

/// How it is met, and by which item of a specification, where one says it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRequirementItem {
    /// How we meet it.
    pub how: Note,
    /// A specification of the same opportunity; together with `spec_item_id` or not at all.
    #[serde(default)]
    pub requirement_spec_id: Option<RequirementSpecId>,
    /// The item of the specification that says it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub spec_item_id: Option<Uuid>,
}

/// An item as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequirementItem {
    pub id: RequirementItemId,
    pub status: RequirementItemStatus,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub kind: RequirementItemKind,
    pub priority: SpecPriority,
    /// In the customer's words.
    pub text: String,
    /// How it is met.
    pub how: Option<String>,
    pub requirement_spec_id: Option<RequirementSpecId>,
    /// The item of the specification that says it.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub spec_item_id: Option<Uuid>,
    /// Why it was dropped.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// An item was noted, changed, addressed or dropped (CRM-17).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RequirementItemChanged {
    pub requirement_item_id: RequirementItemId,
    pub opportunity_id: OpportunityId,
    pub kind: RequirementItemKind,
    pub priority: SpecPriority,
    pub status: RequirementItemStatus,
}
event!(RequirementItemChanged = "crm.requirement_item.changed.v1");
