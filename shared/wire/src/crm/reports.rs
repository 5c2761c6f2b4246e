//! The pipeline's figures (CRM-39): what is open, what may come of it, what became of it. Answers only; nobody writes them.
use crate::{Day, Measure, Moment, Money, Rate, crm::PipelineId, event::event, id::id, kpi::Period, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

id!(
    /// A day's picture of the pipeline.
    PipelineSnapshotId
);
words!(
    /// How an opportunity ended.
    OpportunityOutcome {
        Won => "won" "赢单" "Won",
        Lost => "lost" "输单" "Lost",
        Invalid => "invalid" "无效" "Invalid",
    }
);

/// Which day's pipeline.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PipelineReportQuery {
    /// A day in China, not in the future; today, as it stands, if absent.
    #[param(value_type = Option<String>, format = Date)]
    pub as_of: Option<Day>,
}

/// Open opportunities by stage, as far as the caller may see them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PipelineReport {
    /// The day that is shown: the one asked for, or the last day before it of which there is a picture.
    pub as_of: Day,
    /// When it was looked at.
    pub taken_at: Moment,
    /// Is it as things stand, not a picture that was kept?
    pub live: bool,
    /// In the order of likelihood.
    pub stages: Vec<PipelineStageSum>,
}
impl crate::Shown for PipelineReport {}

/// A stage's opportunities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PipelineStageSum {
    pub pipeline_id: PipelineId,
    pub stage: String,
    /// Those without an amount too.
    pub count: i64,
    /// One for each currency.
    pub amounts: Vec<WeightedMoney>,
}

/// A sum, and the same weighted by the likelihood of each part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WeightedMoney {
    pub amount: Money,
    pub weighted: Money,
}

/// What is expected when.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ForecastQuery {
    /// A year, quarter or month: `2026`, `2026-Q3`, `2026-03`.
    #[param(value_type = String, format = "period", pattern = r"^(19|2[0-9])[0-9]{2}(-Q[1-4]|-0[1-9]|-1[0-2])?$", example = "2026-Q3")]
    pub period: Period,
}

/// What may come in, month by month, as far as the caller may see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Forecast {
    pub period: Period,
    pub as_of: Moment,
    /// Only months of which something is expected or won, in order.
    pub months: Vec<ForecastMonth>,
}
impl crate::Shown for Forecast {}

/// A month in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForecastMonth {
    /// `2026-03`
    pub month: String,
    /// Open opportunities that are expected to be won in it.
    pub open_count: i64,
    /// Won in it already.
    pub won: Money,
    /// Open and likely: 70 % or more.
    pub committed: Money,
    /// All that is open.
    pub best_case: Money,
    /// All that is open, each by its likelihood.
    pub weighted: Money,
}

/// From which day to which.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WinLossQuery {
    /// First day in China.
    #[param(value_type = String, format = Date)]
    pub from: Day,
    /// Last day, itself included; at most 366 days in all.
    #[param(value_type = String, format = Date)]
    pub to: Day,
}

/// What became of the opportunities that were closed in a time, as far as the caller may see them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WinLossReport {
    pub from: Day,
    pub to: Day,
    pub outcomes: Vec<OutcomeSum>,
    /// Won of those won or lost; absent where there are none.
    pub win_rate: Option<Rate>,
    /// The fifty most frequent ones.
    pub reasons: Vec<OutcomeReason>,
    /// In the order in which most of them were entered.
    pub stages: Vec<StageConversion>,
}
impl crate::Shown for WinLossReport {}

/// How many ended so, and how long they took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutcomeSum {
    pub outcome: OpportunityOutcome,
    /// How many opportunities.
    pub count: i64,
    /// Mean of the days from registration to the end.
    pub mean_cycle_days: Measure,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutcomeReason {
    pub outcome: OpportunityOutcome,
    pub reason: String,
    /// How many opportunities.
    pub count: i64,
}

/// Of those that entered a stage, how many went on or were won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StageConversion {
    pub pipeline_id: PipelineId,
    pub stage: String,
    /// How many entered it.
    pub entered: i64,
    /// How many of them went on or were won.
    pub moved_on: i64,
    pub conversion: Rate,
    /// Mean of the days in the stage.
    pub mean_days: Measure,
}

/// A day's picture was kept (CRM-39); it is never changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PipelineSnapshotTaken {
    pub pipeline_snapshot_id: PipelineSnapshotId,
    pub day: Day,
    /// How many were in the pipeline.
    pub opportunities: i64,
}
event!(PipelineSnapshotTaken = "crm.pipeline.snapshot_taken.v1");
