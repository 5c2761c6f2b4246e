//! Ratings of people by people, with reasons: what no count can say of skill and teamwork (KPI-06, KPI-07).
use crate::{Moment, Note, Reference, Score, id::id, kpi::Period, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A rating.
    PersonRatingId
);
words!(
    /// What is rated: the first three by managers, teamwork by anyone.
    RatingAspect {
        MarketAnalysis => "market_analysis" "市场分析能力" "Market analysis",
        Negotiation => "negotiation" "洽谈能力" "Negotiation",
        ContractSigning => "contract_signing" "合同签订能力" "Signing contracts",
        Teamwork => "teamwork" "团队协作" "Teamwork",
    }
);
resource!(PersonRating);

/// A rating as it is given; one a rater, person, aspect and period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"subject": "sales_rep-1", "aspect": "negotiation", "period": "2026-Q3", "score": "85", "reason": "守住了底价，客户仍满意"})))]
pub struct NewPersonRating {
    /// A colleague's reference; not one's own.
    pub subject: Reference,
    pub aspect: RatingAspect,
    /// A year, quarter or month: `2026`, `2026-Q3`, `2026-03`.
    pub period: Period,
    pub score: Score,
    pub reason: Note,
}

/// Changes one's own rating.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonRatingPatch {
    pub score: Score,
    pub reason: Note,
}

/// A rating as it stands. Whose word it is, is told only to those who see everybody's, and to themselves.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonRating {
    pub id: PersonRatingId,
    /// Who was rated: a reference of the directory.
    pub subject: String,
    pub aspect: RatingAspect,
    pub period: String,
    pub score: Score,
    pub reason: String,
    /// Who rated: a reference of the directory; absent for those who may not know.
    pub rater: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}

/// Which ratings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PersonRatingQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only ratings of one colleague.
    #[param(max_length = 128)]
    pub subject: Option<String>,
}
impl PersonRatingQuery {
    /// What every list takes.
    #[must_use]
    pub fn page(&self) -> crate::PageQuery {
        crate::PageQuery { limit: self.limit, after: self.after, ..crate::PageQuery::default() }
    }
}
