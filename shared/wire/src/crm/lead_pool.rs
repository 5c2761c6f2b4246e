//! The pool of leads that nobody works on, 公海 (CRM-01): how much of it one person may take, when leads come back to it by
//! themselves, and who held what until when.
use crate::{Code, Label, Moment, crm::LeadId, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// The limits of one department's pool.
    LeadPoolRuleId,
    /// A time during which somebody held a lead.
    LeadHoldingId,
);
words!(
    /// Why a lead went back to the pool.
    PoolReason {
        GivenUp => "given_up" "主动放弃" "Given up",
        Unreachable => "unreachable" "联系不上" "Nobody could be reached",
        NoNeed => "no_need" "暂无需求" "No need for now",
        Idle => "idle" "长期未跟进" "Nobody worked on it in time",
        Other => "other" "其他" "Other",
    }
);
resource!(LeadPoolRule);

fn given_up() -> PoolReason {
    PoolReason::GivenUp
}

/// Gives a lead to the department's pool.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"reason_code": "unreachable", "reason": "三次电话无人接听"})))]
pub struct PoolLead {
    /// `given_up`, if not said; `idle` is said by nobody but the clock.
    #[serde(default = "given_up")]
    pub reason_code: PoolReason,
    pub reason: Label,
}

/// Limits of a department's pool.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"department": "retail", "most_held": 100, "most_claims_a_day": 10, "cooldown_days": 14, "idle_days": 15, "warn_days": 3})))]
pub struct NewLeadPoolRule {
    /// Code of the department whose pool it is.
    pub department: Code,
    /// Leads being worked on that one may hold; who holds as many claims none.
    #[schema(minimum = 1, maximum = 100_000)]
    pub most_held: i32,
    /// Leads that one may claim on a day in Asia/Shanghai.
    #[schema(minimum = 1, maximum = 100_000)]
    pub most_claims_a_day: i32,
    /// Times 24 hours that pass before one may claim again what one gave back.
    #[schema(minimum = 0, maximum = 3650)]
    pub cooldown_days: i32,
    /// Times 24 hours without work after which a lead goes back to the pool by itself.
    #[schema(minimum = 1, maximum = 3650)]
    pub idle_days: i32,
    /// Times 24 hours before `idle_days` are over when its holder is warned; 0 = not at all.
    #[schema(minimum = 0, maximum = 3649)]
    pub warn_days: i32,
}

/// Changes limits (RFC 7396): what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadPoolRulePatch {
    /// Leads being worked on that one may hold; who holds as many claims none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000, nullable = false)]
    pub most_held: Option<i32>,
    /// Leads that one may claim on a day in Asia/Shanghai.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000, nullable = false)]
    pub most_claims_a_day: Option<i32>,
    /// Times 24 hours that pass before one may claim again what one gave back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3650, nullable = false)]
    pub cooldown_days: Option<i32>,
    /// Times 24 hours without work after which a lead goes back to the pool by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650, nullable = false)]
    pub idle_days: Option<i32>,
    /// Times 24 hours before `idle_days` are over when its holder is warned; 0 = not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3649, nullable = false)]
    pub warn_days: Option<i32>,
}

/// What holds for the leads of a department.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadPoolRule {
    pub id: LeadPoolRuleId,
    /// `null`: of all departments that have no limits of their own.
    pub department: Option<String>,
    /// Leads being worked on that one may hold, to claim one more of the pool: who holds as many claims none.
    pub most_held: i32,
    /// Leads that one may claim on a day in Asia/Shanghai.
    pub most_claims_a_day: i32,
    /// Times 24 hours that pass before one may claim again what one gave back.
    pub cooldown_days: i32,
    /// Times 24 hours without work after which a lead goes back to the pool by itself.
    pub idle_days: i32,
    /// Times 24 hours before that when its holder is warned; 0 = not at all.
    pub warn_days: i32,
    pub version: i32,
}

/// Who held a lead from when until when, and why no longer. Of a lead that never changed hands there is nothing to say.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeadHolding {
    pub id: LeadHoldingId,
    pub lead_id: LeadId,
    /// Who held it: a reference of the directory.
    pub holder: String,
    pub since: Moment,
    /// Was it taken out of the pool, or theirs from the beginning, or given to them?
    pub claimed: bool,
    pub until: Option<Moment>,
    /// Why it went back to the pool; absent where it went to somebody else, or was closed.
    pub reason_code: Option<PoolReason>,
    /// In the words of whoever gave it back.
    pub reason: Option<String>,
    /// Who gave it back, gave it to somebody else or closed it: the holder, a manager, the clock.
    pub ended_by: Option<String>,
}
