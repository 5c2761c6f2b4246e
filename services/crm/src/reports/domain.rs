//! The rules of the pipeline's figures (CRM-39). Pure: no async, no clock, no SQL.
use crate::schema::pipeline_snapshots;
use diesel::prelude::*;
use platform::{Change, Entity};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use std::collections::BTreeMap;
use wire::{
    Amount, CaseId, Currency, Day, Measure, Moment, Money, Ownership, Rate,
    crm::{ForecastMonth, PipelineId, PipelineSnapshotId, PipelineSnapshotTaken, PipelineStageSum, WeightedMoney},
};

/// From this likelihood on an opportunity is counted as committed.
pub const COMMITTED_FROM: Decimal = Decimal::from_parts(70, 0, 0, false, 2);
/// Days that a report on what was closed covers at most.
const MOST_DAYS: i32 = 366;

platform::rules!(
    /// Why a report is refused.
    ReportRule {
        Future => "report.future", Invalid, "the day is in the future", "日期不能晚于今天", at "/as_of";
        NoSnapshot { day: Day } => "report.no_snapshot", Invalid, "no picture of {day} or of a day before it was kept", "没有 {day} 或更早的快照", at "/as_of";
        Backwards => "report.backwards", Invalid, "the last day is before the first", "结束日期早于开始日期", at "/to";
        TooLong => "report.too_long", Invalid, "a report covers at most 366 days", "报表最多覆盖 366 天", at "/to";
    }
);

/// A day's picture: the head of its rows. Written once.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = pipeline_snapshots, treat_none_as_default_value = false)]
pub struct PipelineSnapshot {
    pub id: PipelineSnapshotId,
    pub day: Day,
    pub taken_at: Moment,
    pub opportunities: i64,
    pub version: i32,
}

/// By hand, because a picture has no life.
impl Entity for PipelineSnapshot {
    const KIND: &'static str = "pipeline_snapshot";
    type Id = PipelineSnapshotId;
    fn id(&self) -> PipelineSnapshotId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "taken"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

impl PipelineSnapshot {
    /// The picture of a day that has ended.
    pub fn take(id: PipelineSnapshotId, day: Day, opportunities: i64, at: Moment) -> Change<Self> {
        let event = PipelineSnapshotTaken { pipeline_snapshot_id: id, day, opportunities };
        Change::new("take", Self { id, day, taken_at: at, opportunities, version: 1 }).emit(&event)
    }
}

/// Which day's pipeline to show: `None` = as it stands.
pub fn day_asked(as_of: Option<Day>, today: Day) -> Result<Option<Day>, ReportRule> {
    match as_of {
        Some(day) if day > today => Err(ReportRule::Future),
        other => Ok(other.filter(|day| *day < today)),
    }
}

/// Are these the days of a report?
pub fn check_range(from: Day, to: Day) -> Result<(), ReportRule> {
    let days = (to.0 - from.0).get_days() + 1;
    match days {
        ..1 => Err(ReportRule::Backwards),
        days if days > MOST_DAYS => Err(ReportRule::TooLong),
        _ => Ok(()),
    }
}

/// What a stage has in one currency, or without any.
#[derive(Debug, Clone)]
pub struct StagePart {
    pub pipeline_id: PipelineId,
    pub stage: String,
    pub currency: Option<Currency>,
    pub count: i64,
    pub amount: Decimal,
    pub weighted: Decimal,
}

/// One line a stage, in the order in which they come.
pub fn by_stage(parts: Vec<StagePart>) -> Vec<PipelineStageSum> {
    let mut sums: Vec<PipelineStageSum> = Vec::new();
    for StagePart { pipeline_id, stage, currency, count, amount, weighted } in parts {
        let place = sums.iter().position(|sum| sum.pipeline_id == pipeline_id && sum.stage == stage);
        let place = place.unwrap_or_else(|| {
            sums.push(PipelineStageSum { pipeline_id, stage, count: 0, amounts: Vec::new() });
            sums.len() - 1
        });
        sums[place].count += count;
        if let Some(currency) = currency {
            let (amount, weighted) = (money(amount, currency), money(weighted, currency));
            sums[place].amounts.push(WeightedMoney { amount, weighted });
        }
    }
    sums
}

/// An open opportunity's month, likelihood and amounts together with those like it, or what was won in a month.
#[derive(Debug, Clone)]
pub struct ForecastPart {
    pub month: String,
    pub currency: Currency,
    /// `None` = won already.
    pub probability: Option<Decimal>,
    pub count: i64,
    pub amount: Decimal,
}

/// One line a month and currency, in order.
pub fn by_month(parts: Vec<ForecastPart>) -> Vec<ForecastMonth> {
    let mut months: BTreeMap<(String, &'static str), (Currency, i64, [Decimal; 4])> = BTreeMap::new();
    for ForecastPart { month, currency, probability, count, amount } in parts {
        let (_, open, [won, committed, best_case, weighted]) =
            months.entry((month, currency.code())).or_insert((currency, 0, [Decimal::ZERO; 4]));
        match probability {
            None => *won += amount,
            Some(probability) => {
                *open += count;
                *best_case += amount;
                *weighted += amount * probability;
                if probability >= COMMITTED_FROM {
                    *committed += amount;
                }
            }
        }
    }
    let line = |((month, _), (currency, open_count, sums)): ((String, &str), (Currency, i64, [Decimal; 4]))| {
        let [won, committed, best_case, weighted] = sums.map(|sum| money(sum, currency));
        ForecastMonth { month, open_count, won, committed, best_case, weighted }
    };
    months.into_iter().map(line).collect()
}

/// A part of a whole, four decimals; nothing of nothing.
pub fn share(part: i64, whole: i64) -> Option<Rate> {
    let share = Decimal::from(part).checked_div(Decimal::from(whole))?;
    Some(Rate::new(share.round_dp_with_strategy(4, RoundingStrategy::MidpointNearestEven)))
}

/// Seconds as days, two decimals.
pub fn days(seconds: Decimal) -> Measure {
    Measure::new((seconds / Decimal::from(86_400)).round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven))
}

/// A sum in its currency, rounded to the minor unit.
pub fn money(sum: Decimal, currency: Currency) -> Money {
    Money::new(Amount::new(currency.round(sum)), currency)
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
