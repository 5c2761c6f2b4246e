//! What tests of project initiations begin with.
use super::domain::ProjectInitiation;
use crate::opportunities::for_tests::{by, opportunity};
use uuid::Uuid;
use wire::{
    Currency, Money,
    crm::{
        ProjectApplication, ProjectGoal, ProjectInitiationId, ProjectInitiationStatus, ProjectMilestone, ProjectRisk,
        ProjectScoringPolicyId, ProjectStaff, ProjectTeamMember, RiskLevel,
    },
};

/// One that says everything.
pub fn application() -> ProjectApplication {
    ProjectApplication {
        name: "二期泵站".parse().ok(),
        applicant_title: "业务员".parse().ok(),
        background: "客户扩建".parse().ok(),
        goals: vec![ProjectGoal {
            goal: "销售额".parse().unwrap(),
            target: "480000".parse().unwrap(),
            unit: "元".parse().unwrap(),
        }],
        scope: "供货与安装".parse().ok(),
        expected_benefit: "毛利 20%".parse().ok(),
        staffing: vec![ProjectStaff { role: "安装工程师".parse().unwrap(), count: 2 }],
        budget: Some(Money::new("480000.00".parse().unwrap(), Currency::CNY)),
        milestones: vec![ProjectMilestone { name: "交货".parse().unwrap(), due_on: "2026-12-31".parse().unwrap() }],
        total_days: Some(120),
        risks: vec![ProjectRisk {
            risk: "交货延迟".parse().unwrap(),
            level: RiskLevel::Medium,
            response: "备选供应商".parse().unwrap(),
        }],
        core_team: vec![ProjectTeamMember { person: "tom".parse().unwrap(), role: "技术负责人".parse().unwrap() }],
    }
}
/// Ann's, in this state, with a score that has just passed.
pub fn initiation(status: ProjectInitiationStatus) -> ProjectInitiation {
    let id = ProjectInitiationId(Uuid::nil());
    let drafted = ProjectInitiation::draft(id, "ann".into(), application(), &opportunity(), &by()).unwrap();
    let mark = "60".parse().ok();
    let policy = Some(ProjectScoringPolicyId(Uuid::nil()));
    ProjectInitiation { status, scoring_policy_id: policy, pass_mark: mark, score: mark, ..drafted.after().clone() }
}
