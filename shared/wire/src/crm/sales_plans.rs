//! Sales plans: by which strategy and channels targets are to be reached (CRM-35).
use crate::{
    Action, Day, Label, Moment, Name, Note, Reference, crm::SalesTargetId, event::event, id::id, kpi::Period,
    resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A sales plan.
    SalesPlanId
);
words!(
    /// The life of a plan (CRM-35).
    SalesPlanStatus {
        Draft => "draft" "草稿" "Draft",
        Approved => "approved" "已批准" "Approved",
        Executing => "executing" "执行中" "Executing",
        Reviewed => "reviewed" "已复盘" "Reviewed",
    }
);
resource!(SalesPlan);

/// Something to be done by someone until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedAction {
    /// What is to be done.
    pub what: Label,
    /// A colleague's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    /// It was done.
    #[serde(default)]
    pub done: bool,
}

/// A plan as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"title": "三季度华东销售计划", "period": "2026-Q3", "strategy": "以泵站改造项目为重点", "channels": ["经销商", "展会"],
    "actions": [{"what": "拜访前二十家设计院", "due_on": "2026-08-31"}]})))]
pub struct NewSalesPlan {
    pub title: Name,
    /// A year, quarter or month: `2026`, `2026-Q3`, `2026-03`.
    pub period: Period,
    /// How the targets are to be reached.
    pub strategy: Note,
    /// Ways to the customer: dealers, fairs, direct …
    #[schema(min_items = 1, max_items = 20)]
    pub channels: Vec<Name>,
    /// The targets that it is to reach.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub target_ids: Vec<SalesTargetId>,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub actions: Vec<PlannedAction>,
}

/// Changes a plan (RFC 7396); strategy and channels only of a draft, actions until it is reviewed. Lists are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalesPlanPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    /// How the targets are to be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub strategy: Option<Note>,
    /// Ways to the customer: dealers, fairs, direct …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20, nullable = false)]
    pub channels: Option<Vec<Name>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100, nullable = false)]
    pub actions: Option<Vec<PlannedAction>>,
}

/// What was learnt from it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewSalesPlan {
    pub result: Note,
}

/// A plan as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesPlan {
    pub id: SalesPlanId,
    pub number: String,
    pub status: SalesPlanStatus,
    pub title: String,
    pub period: String,
    /// How the targets are to be reached.
    pub strategy: String,
    /// Ways to the customer: dealers, fairs, direct …
    pub channels: Vec<Name>,
    pub target_ids: Vec<SalesTargetId>,
    pub actions: Vec<PlannedAction>,
    pub result: Option<String>,
    pub created_by: String,
    pub approved_by: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A plan may be carried out (CRM-35).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesPlanApproved {
    pub sales_plan_id: SalesPlanId,
    pub number: String,
    pub period: String,
    pub title: String,
}
event!(SalesPlanApproved = "crm.sales_plan.approved.v1");
