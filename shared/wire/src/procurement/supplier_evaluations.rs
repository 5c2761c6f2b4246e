//! Evaluations: once a year a supplier is scored by price, quality and delivery; below 60 it is eliminated (PRO-12, PRO-13).
use super::SupplierId;
use crate::{Action, Label, Moment, Score, event::event, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A supplier's evaluation of one year.
    SupplierEvaluationId
);
words!(
    /// The life of an evaluation (PRO-12).
    SupplierEvaluationStatus {
        Draft => "draft" "草稿" "Draft",
        Scored => "scored" "已评分" "Scored",
        Published => "published" "已公布" "Published",
    }
);
words!(
    /// What a supplier is scored by (PRO-12).
    EvaluationCriterion {
        Price => "price" "价格" "Price",
        Quality => "quality" "质量" "Quality",
        Delivery => "delivery" "交付及时性" "Delivery on time",
    }
);
resource!(SupplierEvaluation);

/// What each criterion counts; together 100 (D-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationWeights {
    /// What the price counts, of 100.
    #[schema(minimum = 0, maximum = 100)]
    pub price: u8,
    /// What quality counts, of 100.
    #[schema(minimum = 0, maximum = 100)]
    pub quality: u8,
    /// What delivery on time counts, of 100.
    #[schema(minimum = 0, maximum = 100)]
    pub delivery: u8,
}

/// An evaluation as it is begun.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"supplier_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "year": 2026})))]
pub struct NewSupplierEvaluation {
    pub supplier_id: SupplierId,
    /// Not one to come.
    #[schema(minimum = 2000, maximum = 9999)]
    pub year: i16,
    /// 40/40/20 if absent.
    #[serde(default)]
    pub weights: Option<EvaluationWeights>,
}

/// Scores an evaluation: by what the purchase orders of the year show and, where that is not enough or not right, by hand.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"overrides": [{"criterion": "price", "score": "82.5", "reason": "三家比价居中 / in the middle of three quotes"}]})))]
pub struct ScoreSupplierEvaluation {
    /// Each criterion once at most.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub overrides: Vec<EvaluationOverride>,
}

/// A score given by hand, and why (D-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationOverride {
    pub criterion: EvaluationCriterion,
    pub score: Score,
    pub reason: Label,
}

/// What the year's purchases show. A score is absent where there is nothing to compute it from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvaluationEvidence {
    /// Purchase orders sent to the supplier in the year that stand.
    pub purchase_orders: i64,
    /// What they cost against what was estimated: 100 where no more was paid.
    pub price: Option<Score>,
    /// Share of what arrived that was accepted.
    pub quality: Option<Score>,
    /// Share of what was promised that came in time.
    pub delivery: Option<Score>,
}

/// An evaluation as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierEvaluation {
    pub id: SupplierEvaluationId,
    pub supplier_id: SupplierId,
    /// The year that is looked back at.
    pub year: i32,
    pub status: SupplierEvaluationStatus,
    pub weights: EvaluationWeights,
    pub evidence: EvaluationEvidence,
    pub overrides: Vec<EvaluationOverride>,
    pub price_score: Option<Score>,
    pub quality_score: Option<Score>,
    pub delivery_score: Option<Score>,
    /// The weighted sum, not rounded; below 60 the supplier is eliminated when it is published (D-04).
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,3}\.[0-9]{2,6}$", examples("76.50"))]
    pub total: Option<Score>,
    /// Who scored: `user:ann`; somebody else publishes it.
    pub scored_by: Option<String>,
    pub published_by: Option<String>,
    pub created_at: Moment,
    pub scored_at: Option<Moment>,
    pub published_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Which evaluations.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SupplierEvaluationQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// Only rows of one supplier.
    #[param(value_type = Option<String>, format = Uuid)]
    pub supplier_id: Option<Uuid>,
    /// Only of this year.
    #[param(minimum = 2000, maximum = 9999)]
    pub year: Option<i16>,
}

/// A year's score stands (PRO-12).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierEvaluated {
    pub supplier_id: SupplierId,
    pub evaluation_id: SupplierEvaluationId,
    /// The year that was looked back at.
    pub year: i32,
    /// The weighted sum, 0 to 100; below 60 the supplier is eliminated (D-04).
    #[schema(value_type = String)]
    pub total: Score,
}
event!(SupplierEvaluated = "procurement.supplier.evaluated.v1");
