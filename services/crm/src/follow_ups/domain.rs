//! The rules of follow-ups (CRM-26). Pure: no async, no clock, no SQL.
use crate::{
    escalations::domain::{EscalationLadder, closing},
    follow_up_plans::domain::FollowUpPlan,
    schema::follow_ups,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Day, Moment, Ownership,
    crm::{
        AccountId, CompleteFollowUp, FollowUpId, FollowUpOverdue, FollowUpPlanId, FollowUpStatus as Status, WorkSubject,
    },
};

/// The rung on which a colleague has it from then on.
pub const REASSIGNED: i32 = 3;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = follow_ups, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct FollowUp {
    pub id: FollowUpId,
    pub plan_id: FollowUpPlanId,
    pub status: Status,
    pub subject_kind: WorkSubject,
    pub subject_id: Uuid,
    pub case_id: Option<CaseId>,
    pub account_id: Option<AccountId>,
    pub title: String,
    pub due_on: Day,
    pub due_at: Moment,
    pub calendar_id: String,
    pub level: i32,
    pub next_level_at: Option<Moment>,
    pub told_to: Option<String>,
    pub outcome: Option<String>,
    pub decision_progress: Option<String>,
    pub done_by: Option<String>,
    pub done_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(FollowUp, "follow_up", FollowUpId; row: this, case: option, owned);

const OPEN: &[&str] = &["due", "overdue", "escalated"];

impl Machine for FollowUp {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "follow_up",
        transitions: &[
            Transition::new("complete", OPEN, &["done"]),
            Transition::automatic("escalate", OPEN, &["overdue", "escalated"]),
            Transition::automatic("cancel", OPEN, &["cancelled"]),
        ],
        labels: Status::labels(),
    };
}

/// Whom the next rung concerns.
#[derive(Debug, Clone, Default)]
pub struct Concerned {
    /// To whom the owner answers.
    pub manager: Option<String>,
    /// The colleague who takes over.
    pub successor: Option<Ownership>,
}

impl FollowUp {
    /// The follow-up of a plan's day: due by closing time of that day, or of the next working day.
    pub fn of(id: FollowUpId, plan: &FollowUpPlan, day: Day, ladder: &EscalationLadder, by: &Stamp) -> Change<Self> {
        // Past the end of the time line nothing is due.
        let (due_at, calendar_id) =
            closing(day).map_or((by.at, Calendar::china().id()), |due| (due.at.into(), due.calendar_id));
        let follow_up = Self {
            id,
            plan_id: plan.id,
            status: Status::Due,
            subject_kind: plan.subject_kind,
            subject_id: plan.subject_id,
            case_id: plan.case_id,
            account_id: plan.account_id,
            title: plan.title.clone(),
            due_on: day,
            due_at,
            calendar_id: calendar_id.to_owned(),
            level: 0,
            next_level_at: ladder.reached_at(due_at, 1),
            told_to: None,
            outcome: None,
            decision_progress: None,
            done_by: None,
            done_at: None,
            owner_id: plan.owner_id.clone(),
            team_id: plan.team_id.clone(),
            department_id: plan.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Change::new("create", follow_up)
    }
    /// It was done, late or not.
    pub fn complete(self, said: CompleteFollowUp, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("complete")?;
        let CompleteFollowUp { outcome, decision_progress } = said;
        let mut next = self.next();
        (next.status, next.next_level_at) = (Status::Done, None);
        (next.outcome, next.decision_progress) = (Some(outcome.into_string()), Some(decision_progress.into_string()));
        (next.done_by, next.done_at) = (Some(by.actor.clone()), Some(by.at));
        Ok(Change::new("complete", next))
    }
    /// One rung up, once its time is over: the owner hears of it, then the manager, then the colleague who has it from now on
    /// (who is nobody where the team has nobody else: then it stays the owner's).
    pub fn escalate(self, whom: Concerned, ladder: &EscalationLadder, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("escalate")?;
        let (level, next_level_at) = ladder.climb((self.level, self.next_level_at), self.due_at, by.at)?;
        let mut next = Self { level, next_level_at, ..self.next() };
        next.status = if next.level == 1 { Status::Overdue } else { Status::Escalated };
        next.told_to = match next.level {
            1 => next.owner_id.clone(),
            REASSIGNED => {
                if let Some(Ownership { owner_id, team_id, department_id }) = whom.successor {
                    (next.owner_id, next.team_id, next.department_id) = (owner_id, team_id, department_id);
                }
                next.owner_id.clone()
            }
            _ => whom.manager,
        };
        let event = FollowUpOverdue {
            follow_up_id: next.id,
            plan_id: next.plan_id,
            subject_kind: next.subject_kind,
            subject_id: next.subject_id,
            account_id: next.account_id,
            due_at: next.due_at,
            level: next.level,
            told_to: next.told_to.clone(),
        };
        Ok(Change::new("escalate", next).emit(&event))
    }
    /// Its plan has ended.
    pub fn cancel(self) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let next = Self { status: Status::Cancelled, next_level_at: None, ..self.next() };
        Ok(Change::new("cancel", next))
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
