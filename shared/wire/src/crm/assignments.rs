//! Assignments: whose a lead, an opportunity or a customer is and has been, and by which rule (CRM-25).
use crate::{
    Action, CaseId, Label, Moment, Name, Reference, event::event, id::id, page::page_query, resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A change of owner.
    AssignmentId,
    /// A rule by which an owner is chosen.
    AssignmentRuleId,
);
words!(
    /// What is assigned.
    AssignmentTarget {
        Lead => "lead" "线索" "Lead",
        Opportunity => "opportunity" "商机" "Opportunity",
        Account => "account" "客户" "Customer",
    }
);
words!(
    /// How the owner was chosen.
    AssignmentBasis {
        Named => "named" "指定" "Named by a manager",
        RoundRobin => "round_robin" "轮流" "In turn",
        Territory => "territory" "区域" "By region",
        Declined => "declined" "退回" "Back from whoever declined",
        Handover => "handover" "工作交接" "Handover of someone's work",
    }
);
words!(
    /// The life of an assignment (CRM-25).
    AssignmentStatus {
        Assigned => "assigned" "已分配" "Assigned",
        Accepted => "accepted" "已接受" "Accepted",
        Declined => "declined" "已拒绝" "Declined",
        Superseded => "superseded" "已改派" "Superseded",
    }
);
words!(
    /// How a rule chooses.
    AssignmentRuleKind {
        RoundRobin => "round_robin" "轮流" "In turn among its members",
        Territory => "territory" "区域" "In turn among its members, for one region",
    }
);
words!(
    /// Is a rule in use?
    AssignmentRuleStatus {
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
resource!(Assignment, AssignmentRule);

/// Gives a lead, an opportunity or a customer another owner.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"target": "lead", "target_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "to": "wang", "reason": "华东区域"})))]
pub struct NewAssignment {
    pub target: AssignmentTarget,
    /// Of the lead, opportunity or customer that `target` says.
    #[schema(value_type = String, format = Uuid)]
    pub target_id: Uuid,
    /// A reference of the directory; absent: the first active rule that fits chooses.
    #[serde(default)]
    pub to: Option<Reference>,
    pub reason: Label,
}

/// A change of owner, and what the new one said to it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Assignment {
    pub id: AssignmentId,
    pub status: AssignmentStatus,
    pub target: AssignmentTarget,
    /// Of the lead, opportunity or customer that `target` says.
    #[schema(value_type = String, format = Uuid)]
    pub target_id: Uuid,
    /// Number of what got another owner.
    pub target_number: String,
    pub case_id: Option<CaseId>,
    /// Whose it was; absent where it was nobody's.
    pub from_owner: Option<String>,
    /// Whose it is since; absent where it went back to nobody.
    pub owner_id: Option<String>,
    pub basis: AssignmentBasis,
    pub rule_id: Option<AssignmentRuleId>,
    pub reason: String,
    /// Why it was declined.
    pub answer: Option<String>,
    pub assigned_by: String,
    pub created_at: Moment,
    pub answered_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which assignments.
    AssignmentQuery {
        /// Only of this lead, opportunity or customer.
        #[param(value_type = Option<String>, format = Uuid)]
        target_id: Uuid,
    }
);

/// A rule as it is made. Of several rules that fit, that of the lowest priority chooses.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "华东", "kind": "territory", "region": "上海", "members": ["wang", "li"], "priority": 10})))]
pub struct NewAssignmentRule {
    pub name: Name,
    pub kind: AssignmentRuleKind,
    /// Needed by a territory, and by nothing else.
    #[serde(default)]
    pub region: Option<Name>,
    /// References of the directory, in their turn.
    #[schema(min_items = 1, max_items = 100)]
    pub members: Vec<Reference>,
    /// Of several rules that fit, that of the lowest number counts.
    #[schema(minimum = 1, maximum = 1000)]
    pub priority: i32,
}

/// Changes a rule (RFC 7396); members are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentRulePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// References of the directory: who takes turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 100, nullable = false)]
    pub members: Option<Vec<Reference>>,
    /// Of several rules that fit, that of the lowest number counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000, nullable = false)]
    pub priority: Option<i32>,
}

/// A rule as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssignmentRule {
    pub id: AssignmentRuleId,
    pub status: AssignmentRuleStatus,
    pub name: String,
    pub kind: AssignmentRuleKind,
    /// Only what is in this region; any if absent.
    pub region: Option<String>,
    /// References of the directory: who takes turns.
    pub members: Vec<String>,
    /// Of several rules that fit, that of the lowest number counts.
    pub priority: i32,
    /// Who had the last turn.
    pub last_member: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A lead, an opportunity or a customer has another owner, or the new one has answered (CRM-25).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssignmentChanged {
    pub assignment_id: AssignmentId,
    pub target: AssignmentTarget,
    /// Of the lead, opportunity or customer that `target` says.
    #[schema(value_type = String, format = Uuid)]
    pub target_id: Uuid,
    /// Of the lead, the opportunity or the customer.
    pub number: String,
    /// Whose it was; absent where it was nobody's.
    pub from_owner: Option<String>,
    /// Whose it is; absent where it went back to nobody.
    pub to_owner: Option<String>,
    pub basis: AssignmentBasis,
    pub status: AssignmentStatus,
}
event!(AssignmentChanged = "crm.assignment.changed.v1");
