//! The arithmetic of project scores (CRM-56). Pure: no async, no clock, no SQL. Exact: points have at most 2 decimals and
//! weights add up to 100, so a total has at most 4.
use crate::{
    project_initiations::domain::ProjectInitiation,
    schema::{project_scorecards, project_scoring_policies},
};
use diesel::prelude::*;
use platform::{Change, Entity, Stamp, auth::Role};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use wire::{
    CaseId, Moment, Ownership, Score,
    crm::{
        ProjectCriterion as Criterion, ProjectInitiationId, ProjectInitiationStatus, ProjectRating, ProjectScoreLine,
        ProjectScorecardId, ProjectScoringPolicyId, PublishProjectScoringPolicy, ReviewSide as Side,
    },
    json::Kept,
};

/// What all weights add up to.
const WHOLE: i16 = 100;

/// A version of the weights and of the pass mark.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = project_scoring_policies, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ScoringPolicy {
    pub id: ProjectScoringPolicyId,
    pub revision: i32,
    pub strategic_fit: i16,
    pub resource_feasibility: i16,
    pub expected_value: i16,
    pub risk_control: i16,
    pub pass_mark: Score,
    pub reason: String,
    pub published_by: String,
    pub effective_from: Moment,
    pub version: i32,
}

/// A reviewer's scorecard.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = project_scorecards, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Scorecard {
    pub id: ProjectScorecardId,
    pub project_initiation_id: ProjectInitiationId,
    pub round: i32,
    pub case_id: CaseId,
    pub side: Side,
    pub reviewer: String,
    pub scoring_policy_id: ProjectScoringPolicyId,
    pub lines: Kept<Vec<ProjectScoreLine>>,
    pub total: Score,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}

/// By hand, because what is written once has no life of its own.
impl Entity for ScoringPolicy {
    const KIND: &'static str = "project_scoring_policy";
    type Id = ProjectScoringPolicyId;
    fn id(&self) -> ProjectScoringPolicyId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "published"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}
/// By hand for the same reason.
impl Entity for Scorecard {
    const KIND: &'static str = "project_scorecard";
    type Id = ProjectScorecardId;
    fn id(&self) -> ProjectScorecardId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "given"
    }
    fn case_id(&self) -> Option<CaseId> {
        Some(self.case_id)
    }
    fn ownership(&self) -> Option<Ownership> {
        let Self { owner_id, team_id, department_id, .. } = self.clone();
        Some(Ownership { owner_id, team_id, department_id })
    }
}

platform::rules!(
    /// Why weights or a scorecard are refused.
    ScoringPolicyRule {
        Weight { field: &'static str } => "project_scoring_policy.weight", Invalid, "a weight is 1 to 97", "权重应为 1 至 97", at "/{field}";
        Sum { sum: i16 } => "project_scoring_policy.sum", Invalid, "the weights add up to {sum}, not to 100", "权重合计为 {sum}，应为 100", at "/strategic_fit";
        State { status: ProjectInitiationStatus } => "project_scorecard.state", Conflict, "an application that is {status} is not scored", "状态为 {status} 的立项申请不能评分", at "/project_initiation_id";
        Own => "project_scorecard.own", Forbidden, "nobody scores their own application", "不能为本人的立项申请评分";
        Given { side: Side } => "project_scorecard.given", Conflict, "{side} has scored it already, or the reviewer has", "{side} 方已评分，或该评审人已评分";
        Criterion { index: usize } => "project_scorecard.criterion", Invalid, "the criterion stands twice", "评分项重复", at "/ratings/{index}/criterion";
        Ratings { count: usize } => "project_scorecard.ratings", Invalid, "all 4 criteria are rated, not {count}", "应对全部 4 项评分，实际为 {count} 项", at "/ratings";
        Decimals { index: usize } => "project_scorecard.points", Invalid, "points have at most 2 decimals", "得分最多 2 位小数", at "/ratings/{index}/points";
    }
);

impl ScoringPolicy {
    /// The next version; `last` is the one that holds.
    pub fn publish(
        id: ProjectScoringPolicyId,
        said: PublishProjectScoringPolicy,
        last: &Self,
        by: &Stamp,
    ) -> Result<Change<Self>, ScoringPolicyRule> {
        let PublishProjectScoringPolicy {
            strategic_fit,
            resource_feasibility,
            expected_value,
            risk_control,
            pass_mark,
            reason,
        } = said;
        let policy = Self {
            id,
            revision: last.revision + 1,
            strategic_fit,
            resource_feasibility,
            expected_value,
            risk_control,
            pass_mark,
            reason: reason.into_string(),
            published_by: by.actor.clone(),
            effective_from: by.at,
            version: 1,
        };
        let light = |criterion: &&Criterion| !(1..=97).contains(&policy.weight(**criterion));
        if let Some(criterion) = Criterion::ALL.iter().find(light) {
            return Err(ScoringPolicyRule::Weight { field: criterion.as_str() });
        }
        let sum = Criterion::ALL.iter().map(|criterion| policy.weight(*criterion)).sum();
        if sum != WHOLE {
            return Err(ScoringPolicyRule::Sum { sum });
        }
        let because = policy.reason.clone();
        Ok(Change::new("publish", policy).because(because))
    }
    /// Out of 100.
    pub fn weight(&self, criterion: Criterion) -> i16 {
        match criterion {
            Criterion::StrategicFit => self.strategic_fit,
            Criterion::ResourceFeasibility => self.resource_feasibility,
            Criterion::ExpectedValue => self.expected_value,
            Criterion::RiskControl => self.risk_control,
        }
    }
    /// weight × points / 100, criterion by criterion.
    fn lines(&self, ratings: Vec<ProjectRating>) -> Result<Vec<ProjectScoreLine>, ScoringPolicyRule> {
        let mut lines: Vec<ProjectScoreLine> = Vec::new();
        for (index, ProjectRating { criterion, points, reason }) in ratings.into_iter().enumerate() {
            if lines.iter().any(|line| line.criterion == criterion) {
                return Err(ScoringPolicyRule::Criterion { index });
            }
            if points.get().normalize().scale() > 2 {
                return Err(ScoringPolicyRule::Decimals { index });
            }
            let weight = self.weight(criterion);
            let contribution = Score::new(Decimal::from(weight) * points.get() / Decimal::ONE_HUNDRED);
            lines.push(ProjectScoreLine { criterion, weight, points, contribution, reason: reason.into_string() });
        }
        if lines.len() == Criterion::ALL.len() {
            Ok(lines)
        } else {
            Err(ScoringPolicyRule::Ratings { count: lines.len() })
        }
    }
}

/// For whom somebody speaks: the department of human resources for its own, finance by its roles, anybody else for the business.
pub fn side_of(roles: &[Role], department: Option<&str>) -> Side {
    let finance = [Role::FinanceSpecialist, Role::FinanceManager, Role::FinanceDirector];
    if department == Some("hr") {
        Side::Hr
    } else if roles.iter().any(|role| finance.contains(role)) {
        Side::Finance
    } else {
        Side::Business
    }
}

impl Scorecard {
    /// A reviewer's word on an application that is being scored; `given` are the round's cards so far.
    pub fn give(
        id: ProjectScorecardId,
        initiation: &ProjectInitiation,
        policy: &ScoringPolicy,
        given: &[Self],
        (reviewer, side): (&str, Side),
        ratings: Vec<ProjectRating>,
        by: &Stamp,
    ) -> Result<Change<Self>, ScoringPolicyRule> {
        if initiation.status != ProjectInitiationStatus::Submitted {
            return Err(ScoringPolicyRule::State { status: initiation.status });
        }
        if initiation.applicant == reviewer {
            return Err(ScoringPolicyRule::Own);
        }
        if given.iter().any(|card| card.side == side || card.reviewer == reviewer) {
            return Err(ScoringPolicyRule::Given { side });
        }
        let lines = policy.lines(ratings)?;
        let total = Score::new(lines.iter().map(|line| line.contribution.get()).sum());
        let card = Self {
            id,
            project_initiation_id: initiation.id,
            round: initiation.round,
            case_id: initiation.case_id,
            side,
            reviewer: reviewer.to_owned(),
            scoring_policy_id: policy.id,
            lines: Kept(lines),
            total,
            owner_id: initiation.owner_id.clone(),
            team_id: initiation.team_id.clone(),
            department_id: initiation.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", card))
    }
}

/// The mean of a round's scorecards when every side has given one, cut to 4 decimals: it reaches a mark if and only if the
/// mean itself does, because a mark has no more decimals.
pub fn mean(cards: &[Scorecard]) -> Option<Score> {
    if !Side::ALL.iter().all(|side| cards.iter().any(|card| card.side == *side)) {
        return None;
    }
    let sum: Decimal = cards.iter().map(|card| card.total.get()).sum();
    let mean = sum.checked_div(Decimal::from(cards.len()))?;
    Some(Score::new(mean.round_dp_with_strategy(4, RoundingStrategy::ToZero)))
}

#[cfg(test)]
#[path = "domain_tests.rs"]
pub mod tests;
