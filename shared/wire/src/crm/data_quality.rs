//! Keeping customer data right: how long it is trusted, and what has to be looked at (CRM-31).
use crate::{
    Action, Label, Moment,
    crm::{AccountId, AccountTier},
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// How long data is trusted.
    DataQualityRuleId,
    /// A customer to look at.
    DataQualityTaskId,
);
words!(
    /// Does the rule hold?
    DataQualityRuleStatus {
        Active => "active" "生效" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
words!(
    /// The life of a task (CRM-31).
    DataQualityTaskStatus {
        Open => "open" "待核实" "Open",
        Verified => "verified" "已核实" "Verified",
        Purged => "purged" "已清除" "Purged",
        Dismissed => "dismissed" "已撤销" "Dismissed",
    }
);
resource!(DataQualityRule, DataQualityTask);

/// Customers of this grade are looked at when nobody has for so many days.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"tier": "key", "max_age_days": 180})))]
pub struct NewDataQualityRule {
    pub tier: AccountTier,
    /// Days without a look after which a task is opened.
    #[schema(minimum = 1, maximum = 3650)]
    pub max_age_days: i32,
}

/// Changes how long.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DataQualityRulePatch {
    /// Days without a look after which a task is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650, nullable = false)]
    pub max_age_days: Option<i32>,
}

/// A rule.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DataQualityRule {
    pub id: DataQualityRuleId,
    pub status: DataQualityRuleStatus,
    pub tier: AccountTier,
    /// Days without a look after which a task is opened.
    pub max_age_days: i32,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A customer whom somebody wants looked at before the time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDataQualityTask {
    pub account_id: AccountId,
    #[serde(default)]
    pub note: Option<Label>,
}

/// It was looked at and is right now.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyDataQualityTask {
    /// With whom, and how.
    #[serde(default)]
    pub note: Option<Label>,
}

/// A customer to look at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DataQualityTask {
    pub id: DataQualityTaskId,
    pub status: DataQualityTaskStatus,
    pub account_id: AccountId,
    /// The rule that opened it; none where somebody did.
    pub rule_id: Option<DataQualityRuleId>,
    /// When the customer was last looked at, or opened, before the task.
    pub stale_since: Moment,
    pub note: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    /// Who closed it: `user:ann`; absent while it is open.
    pub closed_by: Option<String>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
