//! The rules of evaluations (PRO-12, PRO-13; D-04, D-16). Pure: no async, no clock, no SQL.
use crate::schema::supplier_evaluations;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Moment, Score,
    json::Kept,
    procurement::{
        EvaluationCriterion as Criterion, EvaluationEvidence, EvaluationOverride, EvaluationWeights,
        NewSupplierEvaluation, SupplierEvaluated, SupplierEvaluationId, SupplierEvaluationStatus as Status, SupplierId,
    },
};

/// Below this a supplier is eliminated (D-04: "低于" excludes the number itself).
pub const PASS: Decimal = Decimal::from_parts(60, 0, 0, false, 0);
/// What the criteria count where nothing else is said (D-16).
pub const WEIGHTS: EvaluationWeights = EvaluationWeights { price: 40, quality: 40, delivery: 20 };

/// An evaluation, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = supplier_evaluations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SupplierEvaluation {
    pub id: SupplierEvaluationId,
    pub supplier_id: SupplierId,
    pub year: i32,
    pub status: Status,
    pub price_weight: i32,
    pub quality_weight: i32,
    pub delivery_weight: i32,
    pub evidence: Kept<EvaluationEvidence>,
    pub overrides: Kept<Vec<EvaluationOverride>>,
    pub price_score: Option<Score>,
    pub quality_score: Option<Score>,
    pub delivery_score: Option<Score>,
    pub total: Option<Score>,
    pub scored_by: Option<String>,
    pub published_by: Option<String>,
    pub created_at: Moment,
    pub scored_at: Option<Moment>,
    pub published_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(SupplierEvaluation, "supplier_evaluation", SupplierEvaluationId; row: this, case: none, unowned);

platform::rules!(
    /// Why an evaluation is refused.
    SupplierEvaluationRule {
        Weights { sum: u16 } => "supplier_evaluation.weights", Invalid, "the weights add up to {sum}, not to 100", "权重合计为 {sum}，应为 100", at "/weights";
        Year { year: i16 } => "supplier_evaluation.year", Invalid, "{year} has not come yet, or is before 2000", "{year} 年尚未到来，或早于 2000 年", at "/year";
        Supplier => "supplier_evaluation.supplier", Invalid, "there is no such supplier", "没有该供应商", at "/supplier_id";
        Taken { year: i16 } => "supplier_evaluation.taken", Conflict, "this supplier is evaluated for {year} already", "该供应商 {year} 年的评估已存在", at "/year";
        Missing { criterion: Criterion } => "supplier_evaluation.score_missing", Invalid, "the year's purchases show nothing about {criterion}; give its score by hand, with the reason", "当年采购记录无法计算 {criterion} 得分，请人工评分并说明理由", at "/overrides";
        Twice { index: usize } => "supplier_evaluation.criterion_twice", Invalid, "each criterion is scored once", "每项指标只能评分一次", at "/overrides/{index}/criterion";
        Own => "supplier_evaluation.own", Forbidden, "you scored it yourself; someone else must publish it", "本人评分的结果须由他人公布";
    }
);

impl Machine for SupplierEvaluation {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "supplier_evaluation",
        transitions: &[
            Transition::new("score", &["draft", "scored"], &["scored"]),
            Transition::new("publish", &["scored"], &["published"]),
        ],
        labels: Status::labels(),
    };
}

impl SupplierEvaluation {
    /// Begins it, with what the year shows so far.
    pub fn begin(
        id: SupplierEvaluationId,
        new: &NewSupplierEvaluation,
        evidence: EvaluationEvidence,
        by: &Stamp,
    ) -> Result<Change<Self>, SupplierEvaluationRule> {
        let weights = new.weights.unwrap_or(WEIGHTS);
        let sum = u16::from(weights.price) + u16::from(weights.quality) + u16::from(weights.delivery);
        if sum != 100 {
            return Err(SupplierEvaluationRule::Weights { sum });
        }
        if new.year < 2000 || new.year > by.today().0.year() {
            return Err(SupplierEvaluationRule::Year { year: new.year });
        }
        let evaluation = Self {
            id,
            supplier_id: new.supplier_id,
            year: new.year.into(),
            status: Status::Draft,
            price_weight: weights.price.into(),
            quality_weight: weights.quality.into(),
            delivery_weight: weights.delivery.into(),
            evidence: Kept(evidence),
            overrides: Kept(Vec::new()),
            price_score: None,
            quality_score: None,
            delivery_score: None,
            total: None,
            scored_by: None,
            published_by: None,
            created_at: by.at,
            scored_at: None,
            published_at: None,
            version: 1,
        };
        Ok(Change::new("create", evaluation))
    }
    /// Scores it, again if need be: by the evidence, and where that is missing or not right by hand, with the reason (D-16).
    pub fn score(
        self,
        evidence: EvaluationEvidence,
        overrides: Vec<EvaluationOverride>,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("score")?;
        let twice = |index: &usize| overrides[..*index].iter().any(|one| one.criterion == overrides[*index].criterion);
        if let Some(index) = (0..overrides.len()).find(twice) {
            return Err(SupplierEvaluationRule::Twice { index }.into());
        }
        let score = |criterion: Criterion| {
            let computed = match criterion {
                Criterion::Price => evidence.price,
                Criterion::Quality => evidence.quality,
                Criterion::Delivery => evidence.delivery,
            };
            let by_hand = overrides.iter().find(|one| one.criterion == criterion).map(|one| one.score);
            by_hand.or(computed).ok_or(SupplierEvaluationRule::Missing { criterion })
        };
        let (price, quality, delivery) =
            (score(Criterion::Price)?, score(Criterion::Quality)?, score(Criterion::Delivery)?);
        let mut next = self.next();
        next.total = Some(next.weighted(price, quality, delivery));
        (next.price_score, next.quality_score, next.delivery_score) = (Some(price), Some(quality), Some(delivery));
        (next.evidence, next.overrides) = (Kept(evidence), Kept(overrides));
        (next.status, next.scored_by, next.scored_at) = (Status::Scored, Some(by.actor.clone()), Some(by.at));
        Ok(Change::new("score", next))
    }
    /// It stands; someone else than who scored it says so.
    pub fn publish(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("publish")?;
        if self.scored_by.as_deref() == Some(by.actor.as_str()) {
            return Err(SupplierEvaluationRule::Own.into());
        }
        let mut next = self.next();
        (next.status, next.published_by, next.published_at) = (Status::Published, Some(by.actor.clone()), Some(by.at));
        let event = SupplierEvaluated {
            supplier_id: next.supplier_id,
            evaluation_id: next.id,
            year: next.year,
            total: next.total.unwrap_or_default(),
        };
        Ok(Change::new("publish", next).emit(&event))
    }
    /// Why the supplier has to go, if it has to (PRO-13).
    pub fn failed(&self) -> Option<String> {
        let total = self.total?;
        (total.get() < PASS)
            .then(|| format!("{0} 年评估 {total} 分，低于 60 分 / {total} points in {0}, below 60", self.year))
    }

    fn weighted(&self, price: Score, quality: Score, delivery: Score) -> Score {
        let part = |score: Score, weight: i32| score.get() * Decimal::from(weight) / Decimal::ONE_HUNDRED;
        Score::new(
            part(price, self.price_weight) + part(quality, self.quality_weight) + part(delivery, self.delivery_weight),
        )
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
