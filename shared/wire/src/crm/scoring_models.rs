//! Scoring models: what makes a lead worth the work (CRM-09). Weights add up to exactly 100.
use crate::{Action, Code, Label, Moment, Name, id::id, resource::resource, words::words};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A scoring model.
    ScoringModelId
);
words!(
    /// The life of a model; one is active at a time.
    ScoringModelStatus {
        Draft => "draft" "草稿" "Draft",
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
resource!(ScoringModel);

/// One thing that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoringCriterion {
    /// What ratings name it by; unique within the model.
    pub key: Code,
    pub name_zh: Name,
    pub name_en: Name,
    /// Share of the score, 1 to 100; all weights add up to 100.
    #[schema(minimum = 1, maximum = 100)]
    pub weight: i16,
}

/// A model as it is drafted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "2026", "criteria": [{"key": "scale", "name_zh": "客户规模", "name_en": "Company size", "weight": 60},
    {"key": "intent", "name_zh": "合作意向", "name_en": "Willingness", "weight": 40}]})))]
pub struct NewScoringModel {
    pub name: Name,
    #[schema(min_items = 1, max_items = 20)]
    pub criteria: Vec<ScoringCriterion>,
}

/// Changes a draft; criteria are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoringModelPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20, nullable = false)]
    pub criteria: Option<Vec<ScoringCriterion>>,
}

/// A model.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ScoringModel {
    pub id: ScoringModelId,
    pub name: String,
    pub status: ScoringModelStatus,
    pub criteria: Vec<ScoringCriterion>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// How good a lead is in one respect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// A criterion's key.
    pub criterion: Code,
    /// 0 (nothing speaks for it) to 100 (everything does).
    #[schema(minimum = 0, maximum = 100)]
    pub points: i16,
    /// Why so many points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Label>,
}

/// Rates a lead by the active model.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"ratings": [{"criterion": "scale", "points": 80, "reason": "上市公司"}]})))]
pub struct ScoreLead {
    #[schema(min_items = 1, max_items = 20)]
    pub ratings: Vec<Rating>,
}

/// What one criterion adds to the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScoreLine {
    /// The criterion's key.
    pub criterion: String,
    pub name_zh: String,
    pub name_en: String,
    /// What it counts, of 100.
    pub weight: i16,
    /// Absent where nobody rated it: it adds nothing.
    pub points: Option<i16>,
    /// weight × points ÷ 100
    #[schema(value_type = String)]
    pub contribution: Decimal,
    /// Why so many points.
    pub reason: Option<String>,
}

/// A score, 0 to 100, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadScore {
    /// Sum of the contributions, 0 to 100.
    #[schema(value_type = String)]
    pub total: Decimal,
    pub scoring_model_id: ScoringModelId,
    pub lines: Vec<ScoreLine>,
}
