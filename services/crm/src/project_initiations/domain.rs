//! The rules of project initiations (CRM-54, 55, 57). Pure: no async, no clock, no SQL.
use super::missing::Incomplete;
use crate::{opportunities::domain::Opportunity, project_scoring::ScoringPolicy, schema::project_initiations};
use diesel::prelude::*;
use platform::{Ask, Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    CaseId, Moment, Score,
    crm::{
        OpportunityId, ProjectApplication, ProjectInitiationApproved, ProjectInitiationId, ProjectInitiationScored,
        ProjectInitiationStatus as Status, ProjectNumbered, ProjectScoringPolicyId,
    },
    json::Kept,
};

/// Who decides on which budget.
const POLICY: &str = "crm.project_initiation";

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = project_initiations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ProjectInitiation {
    pub id: ProjectInitiationId,
    pub number: Option<String>,
    pub status: Status,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub opportunity_number: String,
    pub applicant: String,
    pub application: Kept<ProjectApplication>,
    pub round: i32,
    pub scoring_policy_id: Option<ProjectScoringPolicyId>,
    pub pass_mark: Option<Score>,
    pub score: Option<Score>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(ProjectInitiation, "project_initiation", ProjectInitiationId; row: this, case: some, owned);

platform::rules!(
    /// Why an application is refused.
    InitiationRule {
        Known => "project_initiation.known", Conflict, "the opportunity has an application already", "该商机已有立项申请", at "/opportunity_id";
        Budget => "project_initiation.budget", Invalid, "the budget must be more than 0", "预算必须大于 0", at "/application/budget/amount";
        Person { index: usize, person: String } => "project_initiation.person", Invalid, "nobody active is called {person} in the directory", "通讯录中没有在职人员 {person}", at "/application/core_team/{index}/person";
    }
);

impl Machine for ProjectInitiation {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "project_initiation",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["submitted"]),
            Transition::automatic("score", &["submitted"], &["scored"]),
            Transition::new("request_approval", &["scored"], &["in_approval"]),
            Transition::automatic("approve", &["in_approval"], &["approved"]),
            Transition::automatic("reject", &["in_approval"], &["rejected"]),
            Transition::automatic("number", &["approved"], &["numbered"]),
            Transition::new("revise", &["scored", "rejected"], &["draft"]),
        ],
        labels: Status::labels(),
    };
    /// Who decides is asked only about what has passed.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let (score, mark) = (self.score.unwrap_or_default(), self.pass_mark.unwrap_or_default());
        if action != "request_approval" || score >= mark {
            return Vec::new();
        }
        let english = format!("the score is {score}, the pass mark {mark}: revise it");
        vec![Closed::new("pass_mark", english, format!("评分 {score} 低于合格线 {mark}，请修订后重新评分")).on(score)]
    }
}

impl ProjectInitiation {
    /// An application for an opportunity, of its case and owner; `applicant` is who applies.
    pub fn draft(
        id: ProjectInitiationId,
        applicant: String,
        application: ProjectApplication,
        opportunity: &Opportunity,
        by: &Stamp,
    ) -> Result<Change<Self>, InitiationRule> {
        let initiation = Self {
            id,
            number: None,
            status: Status::Draft,
            case_id: opportunity.case_id,
            opportunity_id: opportunity.id,
            opportunity_number: opportunity.number.clone(),
            applicant,
            application: Kept(costs(application)?),
            round: 1,
            scoring_policy_id: None,
            pass_mark: None,
            score: None,
            reason: None,
            owner_id: opportunity.owner_id.clone(),
            team_id: opportunity.team_id.clone(),
            department_id: opportunity.department_id.clone(),
            created_at: by.at,
            submitted_at: None,
            decided_at: None,
            version: 1,
        };
        Ok(Change::new("create", initiation))
    }
    /// Changes a draft.
    pub fn update(self, application: ProjectApplication) -> platform::Result<Change<Self>> {
        self.may("update")?;
        Ok(Change::new("update", Self { application: Kept(costs(application)?), ..self.next() }))
    }
    /// To the reviewers, if nothing is missing; by the weights that hold now.
    pub fn submit(self, policy: &ScoringPolicy, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("submit")?;
        Incomplete::check(&self.application.0)?;
        let mut next = self.to(Status::Submitted);
        (next.scoring_policy_id, next.pass_mark) = (Some(policy.id), Some(policy.pass_mark));
        (next.submitted_at, next.reason) = (Some(by.at), None);
        Ok(Change::new("submit", next))
    }
    /// Every side has scored it.
    pub fn score(self, score: Score) -> Result<Change<Self>, Refused> {
        self.may("score")?;
        let next = Self { score: Some(score), ..self.to(Status::Scored) };
        let pass_mark = next.pass_mark.unwrap_or_default();
        let event = ProjectInitiationScored {
            project_initiation_id: next.id,
            opportunity_id: next.opportunity_id,
            round: next.round,
            score,
            pass_mark,
            passed: score >= pass_mark,
        };
        Ok(Change::new("score", next).emit(&event))
    }
    /// To whoever decides on a budget of this size.
    pub fn request_approval(self) -> Result<Change<Self>, Refused> {
        self.may("request_approval")?;
        let ask = Ask { policy: POLICY, number: self.opportunity_number.clone(), amount: self.application.0.budget };
        Ok(Change::new("request_approval", self.to(Status::InApproval)).ask(ask))
    }
    /// The last yes.
    pub fn approve(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("approve")?;
        let next = Self { decided_at: Some(by.at), ..self.to(Status::Approved) };
        let event = ProjectInitiationApproved {
            project_initiation_id: next.id,
            opportunity_id: next.opportunity_id,
            amount: next.application.0.budget,
        };
        Ok(Change::new("approve", next).emit(&event))
    }
    /// A no; the reason stays visible.
    pub fn reject(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("reject")?;
        let mut next = self.to(Status::Rejected);
        (next.reason, next.decided_at) = (Some(reason.clone()), Some(by.at));
        Ok(Change::new("reject", next).because(reason))
    }
    /// It is a project, and its core team is named.
    pub fn number(self, number: String) -> Result<Change<Self>, Refused> {
        self.may("number")?;
        let next = Self { number: Some(number.clone()), ..self.to(Status::Numbered) };
        let name = next.application.0.name.as_ref().map(ToString::to_string).unwrap_or_default();
        let event = ProjectNumbered {
            project_initiation_id: next.id,
            opportunity_id: next.opportunity_id,
            number,
            name,
            core_team: next.application.0.core_team.clone(),
        };
        Ok(Change::new("number", next).emit(&event))
    }
    /// Back to the desk; the next round is scored anew, the scorecards of this one stay.
    pub fn revise(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("revise")?;
        let mut next = self.to(Status::Draft);
        next.round += 1;
        (next.scoring_policy_id, next.pass_mark, next.score) = (None, None, None);
        (next.submitted_at, next.decided_at, next.reason) = (None, None, Some(reason.clone()));
        Ok(Change::new("revise", next).because(reason))
    }

    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// A budget is more than nothing.
fn costs(application: ProjectApplication) -> Result<ProjectApplication, InitiationRule> {
    match application.budget {
        Some(budget) if budget.amount.get() <= Decimal::ZERO => Err(InitiationRule::Budget),
        _ => Ok(application),
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
