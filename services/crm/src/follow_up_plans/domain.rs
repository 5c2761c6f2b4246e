//! The rules of plans (CRM-26). Pure: no async, no clock, no SQL.
use crate::{
    links::Linked,
    recurrence::{Recurrence, RecurrenceRule},
    schema::follow_up_plans,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Day, Moment, Ownership,
    crm::{AccountId, FollowUpPlanId, FollowUpPlanStatus as Status, NewFollowUpPlan, WorkSubject},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = follow_up_plans, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct FollowUpPlan {
    pub id: FollowUpPlanId,
    pub status: Status,
    pub subject_kind: WorkSubject,
    pub subject_id: Uuid,
    pub case_id: Option<CaseId>,
    pub account_id: Option<AccountId>,
    pub title: String,
    pub recurrence: String,
    pub starts_on: Day,
    pub next_on: Option<Day>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(FollowUpPlan, "follow_up_plan", FollowUpPlanId; row: this, case: option, owned);

platform::rules!(
    /// Why a plan is refused.
    FollowUpPlanRule {
        Past => "follow_up_plan.starts_on", Invalid, "a plan starts today or later", "计划开始日期不能早于今天", at "/starts_on";
    }
);

impl Machine for FollowUpPlan {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "follow_up_plan",
        transitions: &[
            Transition::new("end", &["active"], &["ended"]),
            Transition::automatic("advance", &["active"], &["active"]),
            Transition::automatic("reassign", &["active"], &["active"]),
        ],
        labels: Status::labels(),
    };
}

impl FollowUpPlan {
    /// A plan of the planner's, about what they can see.
    pub fn begin(
        id: FollowUpPlanId,
        new: NewFollowUpPlan,
        linked: Linked,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        let NewFollowUpPlan { subject_kind, subject_id, title, recurrence, starts_on } = new;
        let rule: Recurrence = recurrence.as_str().parse()?;
        if starts_on < by.today() {
            return Err(FollowUpPlanRule::Past.into());
        }
        let first = rule.first(starts_on.0)?;
        let plan = Self {
            id,
            status: Status::Active,
            subject_kind,
            subject_id,
            case_id: linked.case_id,
            account_id: linked.account_id,
            title: title.into_string(),
            recurrence: recurrence.into_string(),
            starts_on,
            next_on: Some(Day(first)),
            reason: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", plan))
    }
    /// The follow-up of `next_on` was made: on to the next day, or to none.
    pub fn advance(self) -> platform::Result<Change<Self>> {
        self.may("advance")?;
        let next_on = self.after_next()?;
        Ok(Change::new("advance", Self { next_on, ..self.next() }))
    }
    fn after_next(&self) -> Result<Option<Day>, RecurrenceRule> {
        let Some(made) = self.next_on else { return Ok(None) };
        let rule: Recurrence = self.recurrence.parse()?;
        Ok(rule.next(self.starts_on.0, made.0).map(Day))
    }
    /// A colleague has it from now on.
    pub fn reassign(self, to: Ownership) -> Result<Change<Self>, Refused> {
        self.may("reassign")?;
        let Ownership { owner_id, team_id, department_id } = to;
        Ok(Change::new("reassign", Self { owner_id, team_id, department_id, ..self.next() }))
    }
    /// No more follow-ups.
    pub fn end(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("end")?;
        let next = Self { status: Status::Ended, next_on: None, reason: Some(reason.clone()), ..self.next() };
        Ok(Change::new("end", next).because(reason))
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by() -> Stamp {
        // 01:00 on 3 March in China.
        let at = Moment::new("2026-03-02T17:00:00Z".parse().unwrap());
        Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
    }
    fn begin(starts_on: &str, recurrence: &str) -> platform::Result<Change<FollowUpPlan>> {
        let new = NewFollowUpPlan {
            subject_kind: WorkSubject::Lead,
            subject_id: Uuid::nil(),
            title: "weekly talk".parse().unwrap(),
            recurrence: recurrence.parse().unwrap(),
            starts_on: starts_on.parse().unwrap(),
        };
        FollowUpPlan::begin(FollowUpPlanId(Uuid::nil()), new, Linked::default(), &by())
    }

    #[test]
    fn crm_26_a_plan_starts_today_or_later_and_has_a_day() {
        let code = |starts_on, rule| {
            begin(starts_on, rule).map_or_else(|e| e.code().to_owned(), |c| c.after().next_on.unwrap().to_string())
        };
        assert_eq!(code("2026-03-02", "FREQ=DAILY"), "follow_up_plan.starts_on");
        assert_eq!(code("2026-03-03", "FREQ=DAILY"), "2026-03-03", "today in China");
        assert_eq!(code("2026-03-03", "FREQ=WEEKLY;BYDAY=FR"), "2026-03-06");
        assert_eq!(code("2026-03-03", "FREQ=HOURLY"), "recurrence.frequency");
        assert_eq!(code("2026-03-03", "FREQ=DAILY;UNTIL=20260301"), "recurrence.never");
    }

    #[test]
    fn crm_26_a_plan_goes_from_day_to_day_until_there_is_none_and_ends_once() {
        let plan = begin("2026-03-03", "FREQ=DAILY;COUNT=2").unwrap().after().clone();
        let second = plan.advance().unwrap().after().clone();
        assert_eq!(second.next_on.unwrap().to_string(), "2026-03-04");
        let spent = second.clone().advance().unwrap().after().clone();
        assert_eq!((spent.next_on, spent.version, spent.status), (None, 3, Status::Active));
        let ended = second.end("won".into()).unwrap().after().clone();
        assert_eq!((ended.next_on, ended.status), (None, Status::Ended));
        assert!(ended.clone().end("again".into()).is_err() && ended.clone().advance().is_err());
        assert!(ended.reassign(Ownership::default()).is_err());
    }
}
