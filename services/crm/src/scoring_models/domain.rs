//! The rules of scoring (CRM-09). Pure: no async, no clock, no SQL.
use crate::schema::scoring_models;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashSet;
use wire::{
    Moment,
    crm::{
        LeadScore, NewScoringModel, Rating, ScoreLine, ScoringCriterion, ScoringModelId, ScoringModelPatch,
        ScoringModelStatus as Status,
    },
    json::Kept,
};

/// What all weights of a model add up to.
pub const WHOLE: i32 = 100;
/// Criteria of a model, and ratings of a lead, at most.
const MOST_CRITERIA: usize = 20;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = scoring_models, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ScoringModel {
    pub id: ScoringModelId,
    pub name: String,
    pub status: Status,
    pub criteria: Kept<Vec<ScoringCriterion>>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(ScoringModel, "scoring_model", ScoringModelId; row: this, case: none, unowned);

platform::rules!(
    /// Why a model or a rating is refused.
    ScoringRule {
        Count { count: usize } => "scoring_model.criteria", Invalid, "a model has 1 to 20 criteria, not {count}", "评分模型应有 1 至 20 项标准，实际为 {count} 项", at "/criteria";
        Weight { index: usize } => "scoring_model.weight", Invalid, "a weight is 1 to 100", "权重应为 1 至 100", at "/criteria/{index}/weight";
        Twice { index: usize } => "scoring_model.key", Invalid, "the key stands twice", "标准编码重复", at "/criteria/{index}/key";
        Sum { sum: i32 } => "scoring_model.sum", Invalid, "the weights add up to {sum}, not to 100", "权重合计为 {sum}，应为 100", at "/criteria";
        Ratings { count: usize } => "lead_score.ratings", Invalid, "1 to 20 ratings are taken, not {count}", "评分应有 1 至 20 项，实际为 {count} 项", at "/ratings";
        Points { index: usize } => "lead_score.points", Invalid, "points are 0 to 100", "得分应为 0 至 100", at "/ratings/{index}/points";
        Criterion { index: usize, key: String } => "lead_score.criterion", Invalid, "the active model has no criterion {key}, or it is rated twice", "当前模型没有标准 {key}，或重复评分", at "/ratings/{index}/criterion";
        NoModel => "lead_score.no_model", Conflict, "no scoring model is active", "没有启用的评分模型";
    }
);

impl Machine for ScoringModel {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "scoring_model",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("activate", &["draft"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl ScoringModel {
    /// A draft.
    pub fn draft(id: ScoringModelId, new: NewScoringModel, by: &Stamp) -> Result<Change<Self>, ScoringRule> {
        let criteria = Kept(whole(new.criteria)?);
        Ok(Change::new(
            "create",
            Self { id, name: new.name.into_string(), status: Status::Draft, criteria, created_at: by.at, version: 1 },
        ))
    }
    /// Changes a draft.
    pub fn update(self, patch: ScoringModelPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let mut next = self;
        next.version += 1;
        next.name = patch.name.map_or(next.name, wire::Name::into_string);
        if let Some(criteria) = patch.criteria {
            next.criteria = Kept(whole(criteria)?);
        }
        Ok(Change::new("update", next))
    }
    /// Leads are rated by it from now on; the one before retires first, in the same transaction.
    pub fn activate(self) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        Ok(Change::new("activate", Self { status: Status::Active, version: self.version + 1, ..self }))
    }
    /// Leads are not rated by it any more.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        Ok(Change::new("retire", Self { status: Status::Retired, version: self.version + 1, ..self }))
    }

    /// The score by these ratings, explained line by line. What nobody rated adds nothing.
    pub fn score(&self, ratings: &[Rating]) -> Result<LeadScore, ScoringRule> {
        if ratings.is_empty() || ratings.len() > MOST_CRITERIA {
            return Err(ScoringRule::Ratings { count: ratings.len() });
        }
        let mut rated = HashSet::new();
        for (index, rating) in ratings.iter().enumerate() {
            let key = rating.criterion.as_str();
            if !(0..=100).contains(&rating.points) {
                return Err(ScoringRule::Points { index });
            }
            if !self.criteria.0.iter().any(|criterion| criterion.key.as_str() == key) || !rated.insert(key) {
                return Err(ScoringRule::Criterion { index, key: key.to_owned() });
            }
        }
        let find = |key: &str| ratings.iter().find(|rating| rating.criterion.as_str() == key);
        Ok(self.explain(|key| find(key).map(|rating| (rating.points, rating.reason.as_ref().map(ToString::to_string)))))
    }
    /// The same ratings by this model: criteria it does not know fall away, those it adds are not rated yet.
    pub fn rescore(&self, old: &LeadScore) -> LeadScore {
        let find = |key: &str| old.lines.iter().find(|line| line.criterion == key);
        self.explain(|key| find(key).and_then(|line| Some((line.points?, line.reason.clone()))))
    }
    fn explain(&self, rating: impl Fn(&str) -> Option<(i16, Option<String>)>) -> LeadScore {
        let line = |criterion: &ScoringCriterion| {
            let (points, reason) =
                rating(criterion.key.as_str()).map_or((None, None), |(points, reason)| (Some(points), reason));
            // At most 100 × 100, and two decimals after the division: exact.
            let contribution = Decimal::new(i64::from(criterion.weight) * i64::from(points.unwrap_or(0)), 2);
            let ScoringCriterion { key, name_zh, name_en, weight } = criterion.clone();
            ScoreLine {
                criterion: key.into_string(),
                name_zh: name_zh.into_string(),
                name_en: name_en.into_string(),
                weight,
                points,
                contribution,
                reason,
            }
        };
        let lines: Vec<ScoreLine> = self.criteria.0.iter().map(line).collect();
        LeadScore { total: lines.iter().map(|line| line.contribution).sum(), scoring_model_id: self.id, lines }
    }
}

fn whole(criteria: Vec<ScoringCriterion>) -> Result<Vec<ScoringCriterion>, ScoringRule> {
    if criteria.is_empty() || criteria.len() > MOST_CRITERIA {
        return Err(ScoringRule::Count { count: criteria.len() });
    }
    let mut keys = HashSet::new();
    for (index, criterion) in criteria.iter().enumerate() {
        if !(1..=100).contains(&criterion.weight) {
            return Err(ScoringRule::Weight { index });
        }
        if !keys.insert(criterion.key.as_str()) {
            return Err(ScoringRule::Twice { index });
        }
    }
    let sum: i32 = criteria.iter().map(|criterion| i32::from(criterion.weight)).sum();
    if sum == WHOLE { Ok(criteria) } else { Err(ScoringRule::Sum { sum }) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
