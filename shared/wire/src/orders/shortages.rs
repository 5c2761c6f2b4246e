//! Shortages, what is missing for an order and what is done about it: bodies and words (ORD-07).
use crate::{
    Action, Amount, CaseId, Code, Currency, Day, Evidence, Label, Moment, Quantity,
    orders::{OrderId, ShortageDecision, ShortageId},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a shortage (ORD-07).
    ShortageStatus {
        Open => "open" "待决定" "To be decided",
        Decided => "decided" "已决定" "Decided",
        Resolved => "resolved" "已解决" "Resolved",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(Shortage);

/// What of one order line is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShortageLine {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub line_number: i32,
    pub sku: String,
    pub requested: Quantity,
    /// Set aside for the order, or shipped already.
    pub held: Quantity,
    pub short: Quantity,
}

/// Another model for a line that is short; the whole line is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstituteLine {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    /// The model that is taken instead: a product that is sold.
    pub sku: Code,
    /// Net, for one unit, in the order's currency; the product's list price if absent. The line's discount stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Amount>,
}

/// What is done about the missing goods. A decision can be changed only forward: from `backorder` to any other, from
/// `expedite` to `split` or `substitute`, from `split` to `expedite`; a substitute that is short as well has a shortage of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"decision": "expedite", "note": "客户 3 月 10 日要货"})))]
pub struct DecideShortage {
    pub decision: ShortageDecision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Label>,
    /// With `substitute`, and only with it: each line once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub substitutes: Vec<SubstituteLine>,
    /// That the customer agrees; needed with `substitute` (ruling 16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// A decision that was taken, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShortageStep {
    pub decision: ShortageDecision,
    pub note: Option<Label>,
    pub substitutes: Vec<SubstituteLine>,
    /// That the customer agreed to another model.
    pub evidence: Option<Evidence>,
    /// Who decided: `user:ann`; `event:…` where it followed by itself.
    pub decided_by: String,
    pub decided_at: Moment,
}

/// A shortage as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Shortage {
    pub id: ShortageId,
    pub number: String,
    pub status: ShortageStatus,
    /// What is being done; absent while nothing is decided.
    pub decision: Option<ShortageDecision>,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    /// When the customer expects the goods.
    pub needed_on: Option<Day>,
    /// The lines that are short, as procurement last said; once it is resolved, as they were before.
    pub lines: Vec<ShortageLine>,
    /// Every decision, oldest first.
    pub decisions: Vec<ShortageStep>,
    pub resolved_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A shortage as its order shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderShortage {
    pub id: ShortageId,
    pub number: String,
    pub status: ShortageStatus,
    pub decision: Option<ShortageDecision>,
}

/// A model that quoting suggests instead of one that is short (QUO-14), best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShortageAlternative {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    /// What is short.
    pub sku: String,
    /// What may be offered instead.
    pub alternative_sku: String,
    pub name: String,
    /// 1 is the best.
    pub rank: i32,
    /// Why it can stand in.
    pub reason: String,
    pub list_price: Amount,
    pub currency: Currency,
}
