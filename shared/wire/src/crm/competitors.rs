//! Competitors: what is known of those who sell what we sell (CRM-04).
use crate::{
    Action, Day, Label, Moment, Money, Name, Note, Patched, event::event, id::id, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// Somebody who sells what we sell.
    CompetitorId,
);
words!(
    /// Is a competitor still one? (CRM-04)
    CompetitorStatus {
        Active => "active" "活跃" "Active",
        Archived => "archived" "已归档" "Archived",
    }
);
resource!(Competitor);

/// A price that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompetitorPrice {
    /// Of what.
    pub product: Label,
    pub price: Money,
    pub seen_on: Day,
}

/// A competitor as it becomes known.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "蓝海泵业", "strengths": "交货快", "weaknesses": "无售后网点",
    "prices": [{"product": "卧式泵 40", "price": {"amount": "1180.00", "currency": "CNY"}, "seen_on": "2026-03-02"}]})))]
pub struct NewCompetitor {
    pub name: Name,
    /// Where they are better than we.
    #[serde(default)]
    pub strengths: Option<Note>,
    /// Where we are better.
    #[serde(default)]
    pub weaknesses: Option<Note>,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub prices: Vec<CompetitorPrice>,
    #[serde(default)]
    pub note: Option<Note>,
}

/// Changes an active competitor; prices are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompetitorPatch {
    /// Where they are better than we.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub strengths: Patched<Note>,
    /// Where we are better.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub weaknesses: Patched<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100, nullable = false)]
    pub prices: Option<Vec<CompetitorPrice>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub note: Patched<Note>,
}

/// A competitor as it is known.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Competitor {
    pub id: CompetitorId,
    pub status: CompetitorStatus,
    pub name: String,
    /// Where they are better than we.
    pub strengths: Option<String>,
    /// Where we are better.
    pub weaknesses: Option<String>,
    pub prices: Vec<CompetitorPrice>,
    pub note: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A competitor became known, changed, or is none any more (CRM-04).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompetitorUpdated {
    pub competitor_id: CompetitorId,
    pub name: String,
    pub status: CompetitorStatus,
}
event!(CompetitorUpdated = "crm.competitor.updated.v1");
