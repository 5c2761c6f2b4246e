//! What is known of a customer in depth: what it is, does, earns and how it decides (CRM-11).
use crate::{
    Day, Label, Money, Name, Note, Patched,
    crm::{AccountId, ContactId},
    event::event,
    resource::listed,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// What a person does in a decision (CRM-11).
    DecisionRole {
        Initiator => "initiator" "发起者" "Initiator",
        User => "user" "使用者" "User",
        Influencer => "influencer" "影响者" "Influencer",
        Gatekeeper => "gatekeeper" "把关者" "Gatekeeper",
        Decider => "decider" "决策者" "Decider",
        Buyer => "buyer" "购买者" "Buyer",
    }
);
words!(
    /// How much their word weighs.
    DecisionInfluence {
        High => "high" "高" "High",
        Medium => "medium" "中" "Medium",
        Low => "low" "低" "Low",
    }
);
words!(
    /// What they think of us.
    DecisionAttitude {
        Supporter => "supporter" "支持" "For us",
        Neutral => "neutral" "中立" "Neutral",
        Opponent => "opponent" "反对" "Against us",
        Unknown => "unknown" "未知" "Not known",
    }
);
listed!(AccountProfileShown, DecisionChain);

/// The profile in four parts: basics (基本情况), business (业务范围), operations (经营状况), decisions (决策流程).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BusinessProfile {
    /// Basics: its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub founded_on: Option<Day>,
    /// 法定代表人.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_capital: Option<Money>,
    /// How many work there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10_000_000)]
    pub employees: Option<u32>,
    /// Business: what it does, makes and where it sells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_business: Option<Note>,
    /// What it makes or sells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_products: Option<Label>,
    /// Where and to whom it sells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markets: Option<Label>,
    /// Operations: a year's revenue and purchases, and how it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annual_revenue: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annual_purchases: Option<Money>,
    /// How it pays, and how far we trust it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<Note>,
    /// Decisions: the way they take, how long, and when money is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_process: Option<Note>,
    /// Days that a decision takes, usually.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub decision_days: Option<u16>,
    /// When money is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_cycle: Option<Label>,
}

/// Says more of a customer, or less (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(examples(json!({"legal_representative": "李雷", "employees": 120, "main_business": "卧式泵制造与维修", "annual_revenue": {"amount": "80000000.00", "currency": "CNY"}})))]
pub struct BusinessProfilePatch {
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Day>)]
    pub founded_on: Patched<Day>,
    /// 法定代表人.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Name>)]
    pub legal_representative: Patched<Name>,
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Money>)]
    pub registered_capital: Patched<Money>,
    /// How many work there.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<u32>, maximum = 10_000_000)]
    pub employees: Patched<u32>,
    /// What it does.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub main_business: Patched<Note>,
    /// What it makes or sells.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Label>)]
    pub main_products: Patched<Label>,
    /// Where and to whom it sells.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Label>)]
    pub markets: Patched<Label>,
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Money>)]
    pub annual_revenue: Patched<Money>,
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Money>)]
    pub annual_purchases: Patched<Money>,
    /// How it pays, and how far we trust it.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub credit: Patched<Note>,
    /// The way that decisions take.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub decision_process: Patched<Note>,
    /// Days that a decision takes, usually.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 3650)]
    pub decision_days: Patched<u16>,
    /// When money is planned.
    #[serde(skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Label>)]
    pub budget_cycle: Patched<Label>,
}

/// A profile and how complete it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountProfileShown {
    pub account_id: AccountId,
    pub profile: BusinessProfile,
    /// Parts that are known, of a hundred, rounded down; a decider in the decision chain is one of the parts.
    pub completeness_percent: u8,
    /// Fields that are not known; `decision_chain` where nobody decides.
    pub missing: Vec<String>,
    /// The customer's.
    pub version: i32,
}

/// Someone who takes part in decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionMember {
    /// Works at the customer.
    pub contact_id: ContactId,
    pub role: DecisionRole,
    pub influence: DecisionInfluence,
    pub attitude: DecisionAttitude,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Label>,
}

/// The whole chain, in the order in which they are asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionChainPatch {
    #[schema(max_items = 50)]
    pub members: Vec<DecisionMember>,
}

/// Who decides at a customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DecisionChain {
    pub account_id: AccountId,
    pub members: Vec<DecisionMember>,
    /// The customer's.
    pub version: i32,
}

/// Everything that the profile asks is known (CRM-11).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountProfileCompleted {
    pub account_id: AccountId,
    pub number: String,
}
event!(AccountProfileCompleted = "crm.account.profile_completed.v1");
