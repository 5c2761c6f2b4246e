//! Project initiations (立项): a confirmed chance becomes a project that is applied for, scored, approved by its budget and
//! numbered (CRM-54 to 57).
use crate::{
    Action, CaseId, Day, Label, Moment, Money, Name, Note, Quantity, Reference, Score, crm::OpportunityId,
    event::event, id::id, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// An application for a project.
    ProjectInitiationId,
    /// What one reviewer thinks of it.
    ProjectScorecardId,
    /// A version of the weights and of the pass mark.
    ProjectScoringPolicyId,
);
words!(
    /// The life of an application (CRM-54).
    ProjectInitiationStatus {
        Draft => "draft" "草稿" "Draft",
        Submitted => "submitted" "评分中" "Being scored",
        Scored => "scored" "已评分" "Scored",
        InApproval => "in_approval" "审批中" "In approval",
        Approved => "approved" "已批准" "Approved",
        Rejected => "rejected" "已驳回" "Rejected",
        Numbered => "numbered" "已立项" "Numbered",
    }
);
words!(
    /// For whom a reviewer speaks (CRM-56).
    ReviewSide {
        Hr => "hr" "人力资源" "Human resources",
        Finance => "finance" "财务" "Finance",
        Business => "business" "业务" "Business",
    }
);
words!(
    /// By what an application is scored (CRM-56).
    ProjectCriterion {
        StrategicFit => "strategic_fit" "战略一致性" "Strategic fit",
        ResourceFeasibility => "resource_feasibility" "资源可行性" "Feasibility of resources",
        ExpectedValue => "expected_value" "预期价值" "Expected value",
        RiskControl => "risk_control" "风险可控性" "Control of risks",
    }
);
words!(
    /// How bad a risk is.
    RiskLevel {
        Low => "low" "低" "Low",
        Medium => "medium" "中" "Medium",
        High => "high" "高" "High",
    }
);
resource!(ProjectInitiation, ProjectScorecard, ProjectScoringPolicy);

/// A goal with its figure (CRM-55: 目标须量化).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectGoal {
    /// What is to be reached.
    pub goal: Label,
    pub target: Quantity,
    /// What `target` is counted in: 万元, %, 天.
    pub unit: Name,
}

/// People that it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectStaff {
    /// What they do in the project.
    pub role: Name,
    /// How many people.
    #[schema(minimum = 1, maximum = 1000)]
    pub count: i16,
}

/// What is reached, and by which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectMilestone {
    pub name: Name,
    pub due_on: Day,
}

/// What could go wrong, and what is done then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectRisk {
    /// What could go wrong.
    pub risk: Label,
    pub level: RiskLevel,
    /// What is done if it happens, or so that it does not.
    pub response: Label,
}

/// One of the core team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectTeamMember {
    /// Their name in the directory.
    pub person: Reference,
    /// What they do in the project.
    pub role: Name,
}

/// What an application says (CRM-54, 55). A draft may leave things open; when it is submitted everything must be there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "二期泵站", "applicant_title": "业务员", "background": "客户扩建", "goals": [{"goal": "销售额", "target": "480000", "unit": "元"}],
    "scope": "12 台卧式泵的供货与安装", "expected_benefit": "毛利 20%", "staffing": [{"role": "安装工程师", "count": 2}],
    "budget": {"amount": "480000.00", "currency": "CNY"}, "milestones": [{"name": "交货", "due_on": "2026-12-31"}], "total_days": 120,
    "risks": [{"risk": "交货延迟", "level": "medium", "response": "备选供应商"}], "core_team": []})))]
pub struct ProjectApplication {
    #[serde(default)]
    pub name: Option<Name>,
    /// What the applicant does here (职务).
    #[serde(default)]
    pub applicant_title: Option<Name>,
    /// Why now: what led to it.
    #[serde(default)]
    pub background: Option<Note>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub goals: Vec<ProjectGoal>,
    /// What is done, and what is not.
    #[serde(default)]
    pub scope: Option<Note>,
    /// What it brings us.
    #[serde(default)]
    pub expected_benefit: Option<Note>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub staffing: Vec<ProjectStaff>,
    /// More than nothing.
    #[serde(default)]
    pub budget: Option<Money>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub milestones: Vec<ProjectMilestone>,
    /// From start to end, in days.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    pub total_days: Option<i16>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub risks: Vec<ProjectRisk>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub core_team: Vec<ProjectTeamMember>,
}

/// An application as it begins: for an open opportunity that has none.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProjectInitiation {
    pub opportunity_id: OpportunityId,
    #[serde(default)]
    pub application: ProjectApplication,
}

/// Changes a draft; the application is replaced as a whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectInitiationPatch {
    pub application: ProjectApplication,
}

/// An application as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectInitiation {
    pub id: ProjectInitiationId,
    /// The project's number, once it is one.
    pub number: Option<String>,
    pub status: ProjectInitiationStatus,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    /// Number of the opportunity that it is for.
    pub opportunity_number: String,
    /// Who applies: their name in the directory.
    pub applicant: String,
    pub application: ProjectApplication,
    /// 1, 2, 3 …: each revision is scored anew.
    pub round: i32,
    /// By which weights it is scored.
    pub scoring_policy_id: Option<ProjectScoringPolicyId>,
    /// What the score must reach.
    pub pass_mark: Option<Score>,
    /// Mean of the round's scorecards, cut to 4 decimals.
    pub score: Option<Score>,
    /// Why it was rejected or taken back.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Points for one criterion, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectRating {
    pub criterion: ProjectCriterion,
    /// At most 2 decimals.
    pub points: Score,
    pub reason: Label,
}

/// A reviewer's scorecard: every criterion once. For whom they speak follows from who they are.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"project_initiation_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "ratings": [
    {"criterion": "strategic_fit", "points": "80", "reason": "符合年度规划"}, {"criterion": "resource_feasibility", "points": "70", "reason": "人员可调配"},
    {"criterion": "expected_value", "points": "75", "reason": "毛利达标"}, {"criterion": "risk_control", "points": "60", "reason": "交期偏紧"}]})))]
pub struct NewProjectScorecard {
    pub project_initiation_id: ProjectInitiationId,
    #[schema(min_items = 4, max_items = 4)]
    pub ratings: Vec<ProjectRating>,
}

/// A line of a scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProjectScoreLine {
    pub criterion: ProjectCriterion,
    /// Out of 100.
    pub weight: i16,
    pub points: Score,
    /// weight × points / 100.
    pub contribution: Score,
    pub reason: String,
}

/// A scorecard; it is written once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectScorecard {
    pub id: ProjectScorecardId,
    pub project_initiation_id: ProjectInitiationId,
    /// The application's round that was scored.
    pub round: i32,
    pub case_id: CaseId,
    pub side: ReviewSide,
    /// Who scored: a reference of the directory.
    pub reviewer: String,
    pub scoring_policy_id: ProjectScoringPolicyId,
    pub lines: Vec<ProjectScoreLine>,
    pub total: Score,
    pub created_at: Moment,
    pub version: i32,
}

/// Filters of scorecards.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProjectScorecardQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows of one deal.
    #[param(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
    /// Only those of one application.
    #[param(value_type = Option<String>, format = Uuid)]
    pub project_initiation_id: Option<Uuid>,
}
impl ProjectScorecardQuery {
    /// What every list takes.
    #[must_use]
    pub fn page(&self) -> crate::PageQuery {
        crate::PageQuery { limit: self.limit, after: self.after, case_id: self.case_id, status: None }
    }
}

/// Weights that hold from now on for what is submitted; they add up to 100.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"strategic_fit": 30, "resource_feasibility": 25, "expected_value": 25, "risk_control": 20, "pass_mark": "60", "reason": "年度调整"})))]
pub struct PublishProjectScoringPolicy {
    /// Weight of how well it fits our plans, of 100.
    #[schema(minimum = 1, maximum = 97)]
    pub strategic_fit: i16,
    /// Weight of whether we have the people and means, of 100.
    #[schema(minimum = 1, maximum = 97)]
    pub resource_feasibility: i16,
    /// Weight of what it brings, of 100.
    #[schema(minimum = 1, maximum = 97)]
    pub expected_value: i16,
    /// Weight of how well its risks are under control, of 100.
    #[schema(minimum = 1, maximum = 97)]
    pub risk_control: i16,
    /// What a score must reach.
    pub pass_mark: Score,
    pub reason: Label,
}

/// A version of the weights and of the pass mark; it is never edited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectScoringPolicy {
    pub id: ProjectScoringPolicyId,
    /// 1, 2, 3 …
    pub revision: i32,
    /// Weight of how well it fits our plans, of 100.
    pub strategic_fit: i16,
    /// Weight of whether we have the people and means, of 100.
    pub resource_feasibility: i16,
    /// Weight of what it brings, of 100.
    pub expected_value: i16,
    /// Weight of how well its risks are under control, of 100.
    pub risk_control: i16,
    pub pass_mark: Score,
    pub reason: String,
    pub published_by: String,
    pub effective_from: Moment,
    pub version: i32,
}

/// Every side has scored it (CRM-56).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectInitiationScored {
    pub project_initiation_id: ProjectInitiationId,
    pub opportunity_id: OpportunityId,
    /// The round that was scored.
    pub round: i32,
    pub score: Score,
    pub pass_mark: Score,
    /// The score reaches the pass mark.
    pub passed: bool,
}
event!(ProjectInitiationScored = "crm.project_initiation.scored.v1");

/// It may become a project (CRM-54).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectInitiationApproved {
    pub project_initiation_id: ProjectInitiationId,
    pub opportunity_id: OpportunityId,
    pub amount: Option<Money>,
}
event!(ProjectInitiationApproved = "crm.project_initiation.approved.v1");

/// It is a project: its number and its core team (CRM-57).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectNumbered {
    pub project_initiation_id: ProjectInitiationId,
    pub opportunity_id: OpportunityId,
    pub number: String,
    pub name: String,
    pub core_team: Vec<ProjectTeamMember>,
}
event!(ProjectNumbered = "crm.project.numbered.v1");
