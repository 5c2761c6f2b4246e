//! Account plans: how the business with one customer is to grow (CRM-38).
use crate::{
    Action, Day, Label, Moment, Name, Note,
    crm::{AccountId, PlannedAction},
    event::event,
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A plan for one customer.
    AccountPlanId
);
words!(
    /// The life of a plan (CRM-38).
    AccountPlanStatus {
        Draft => "draft" "草稿" "Draft",
        Active => "active" "执行中" "Active",
        Closed => "closed" "已关闭" "Closed",
    }
);
resource!(AccountPlan);

/// What is to be reached with the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountGoal {
    /// What shall be so.
    pub goal: Label,
    /// How one will see that it is reached.
    pub measure: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
}

/// A plan as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "title": "晨光泵业三年拓展",
    "goals": [{"goal": "进入二期泵站", "measure": "签订框架合同"}], "actions": [{"what": "拜访设备部", "due_on": "2026-08-31"}]})))]
pub struct NewAccountPlan {
    pub account_id: AccountId,
    pub title: Name,
    #[schema(min_items = 1, max_items = 20)]
    pub goals: Vec<AccountGoal>,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub actions: Vec<PlannedAction>,
}

/// Changes a plan (RFC 7396): goals of a draft, actions until it is closed; lists are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPlanPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20, nullable = false)]
    pub goals: Option<Vec<AccountGoal>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100, nullable = false)]
    pub actions: Option<Vec<PlannedAction>>,
}

/// What was reached.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseAccountPlan {
    pub result: Note,
}

/// A plan as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountPlan {
    pub id: AccountPlanId,
    pub number: String,
    pub status: AccountPlanStatus,
    pub account_id: AccountId,
    pub account_name: String,
    pub title: String,
    pub goals: Vec<AccountGoal>,
    pub actions: Vec<PlannedAction>,
    pub result: Option<String>,
    pub created_by: String,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A plan for a customer is being carried out (CRM-38).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountPlanActivated {
    pub account_plan_id: AccountPlanId,
    pub number: String,
    pub account_id: AccountId,
}
event!(AccountPlanActivated = "crm.account_plan.activated.v1");
