//! Target lists (重点开发客户名单): whom sales develops first (CRM-10).
use crate::{
    Action, Label, Moment, Name,
    crm::{CandidateKind, SegmentId},
    event::event,
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A list of those to be developed.
    TargetListId,
    /// A lead's or a customer's id.
    TargetSubjectId,
);
words!(
    /// The life of a list (CRM-10).
    TargetListStatus {
        Draft => "draft" "草稿" "Draft",
        Approved => "approved" "已批准" "Approved",
        Active => "active" "执行中" "Active",
        Closed => "closed" "已关闭" "Closed",
    }
);
resource!(TargetList);

/// A lead or customer to be put on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTargetMember {
    pub kind: CandidateKind,
    /// The lead's or the customer's id, as `kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// Why this one.
    #[serde(default)]
    pub note: Option<Label>,
}

/// A list as it is drafted; with a segment, its members whom the caller may see are put on it, up to 500.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "2026 下半年重点开发客户", "members": [{"kind": "lead", "id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "note": "扩建在即"}]})))]
pub struct NewTargetList {
    pub name: Name,
    #[serde(default)]
    pub segment_id: Option<SegmentId>,
    #[serde(default)]
    #[schema(max_items = 500)]
    pub members: Vec<NewTargetMember>,
}

/// More members of a draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTargetMembers {
    #[schema(min_items = 1, max_items = 500)]
    pub members: Vec<NewTargetMember>,
}

/// Members that a draft shall have no more.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveTargetMembers {
    #[schema(min_items = 1, max_items = 500)]
    pub ids: Vec<TargetSubjectId>,
}

/// Somebody on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetMember {
    pub kind: CandidateKind,
    /// The lead's or the customer's id, as `kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub number: String,
    pub name: String,
    pub note: Option<String>,
}

/// A list as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TargetList {
    pub id: TargetListId,
    pub number: String,
    pub status: TargetListStatus,
    pub name: String,
    pub segment_id: Option<SegmentId>,
    /// How many are on it.
    pub member_count: usize,
    pub created_by: String,
    pub approved_by: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A list is settled (CRM-10).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TargetListApproved {
    pub target_list_id: TargetListId,
    pub number: String,
    pub name: String,
    /// How many are on it.
    pub member_count: usize,
}
event!(TargetListApproved = "crm.target_list.approved.v1");
