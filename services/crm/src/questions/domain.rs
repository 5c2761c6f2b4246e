//! The rules of customers' questions (CRM-22). Pure: no async, no clock, no SQL.
use crate::{opportunities::domain::Opportunity, schema::questions};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use serde::Serialize;
use wire::{
    CaseId, Day, Evidence, Moment,
    crm::{
        CustomerQuestionAnswered, CustomerQuestionPatch, NewCustomerQuestion, OpportunityId, QuestionId,
        QuestionStatus as Status, ReopenCustomerQuestion,
    },
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = questions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Question {
    pub id: QuestionId,
    pub status: Status,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub text: String,
    pub asked_by: Option<String>,
    pub due_on: Day,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<Moment>,
    pub reopened: i32,
    pub reason: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Question, "question", QuestionId; row: this, case: some, owned);

platform::rules!(
    /// Why a question is refused.
    QuestionRule {
        Past { due_on: Day } => "question.due_on", Invalid, "the last day {due_on} is over", "答复期限 {due_on} 已过", at "/due_on";
    }
);

impl Machine for Question {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "question",
        transitions: &[
            Transition::new("update", &["open", "reopened"], &["open", "reopened"]),
            Transition::new("answer", &["open", "reopened"], &["answered"]),
            Transition::new("accept", &["answered"], &["accepted"]),
            Transition::new("reopen", &["answered"], &["reopened"]),
        ],
        labels: Status::labels(),
    };
}

impl Question {
    /// A question about an opportunity, of its case and owner.
    pub fn ask(
        id: QuestionId,
        new: NewCustomerQuestion,
        opportunity: &Opportunity,
        by: &Stamp,
    ) -> Result<Change<Self>, QuestionRule> {
        let NewCustomerQuestion { opportunity_id: _, text, asked_by, due_on } = new;
        let question = Self {
            id,
            status: Status::Open,
            case_id: opportunity.case_id,
            opportunity_id: opportunity.id,
            text: text.into_string(),
            asked_by: asked_by.map(wire::Name::into_string),
            due_on: to_come(due_on, by)?,
            answer: None,
            answered_by: None,
            answered_at: None,
            reopened: 0,
            reason: None,
            evidence: None,
            owner_id: opportunity.owner_id.clone(),
            team_id: opportunity.team_id.clone(),
            department_id: opportunity.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", question))
    }
    /// Changes one that waits for its answer.
    pub fn update(self, patch: CustomerQuestionPatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let CustomerQuestionPatch { text, due_on } = patch;
        let mut next = self.next();
        next.text = text.map_or(next.text, wire::Note::into_string);
        if let Some(day) = due_on {
            next.due_on = to_come(day, by)?;
        }
        Ok(Change::new("update", next))
    }
    /// The customer is told.
    pub fn answer(self, answer: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("answer")?;
        let mut next = self.to(Status::Answered);
        (next.answer, next.answered_by, next.answered_at) = (Some(answer), Some(by.actor.clone()), Some(by.at));
        let event = CustomerQuestionAnswered {
            question_id: next.id,
            opportunity_id: next.opportunity_id,
            due_on: next.due_on,
            reopened: next.reopened,
        };
        Ok(Change::new("answer", next).emit(&event))
    }
    /// The customer is content.
    pub fn accept(self, evidence: Evidence, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("accept")?;
        not_to_come("evidence", &evidence, by)?;
        Ok(Change::new("accept", Self { evidence: Some(Kept(evidence)), ..self.to(Status::Accepted) }))
    }
    /// The answer does not do; the last one stays to be read until there is a better one.
    pub fn reopen(self, said: ReopenCustomerQuestion, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("reopen")?;
        let reason = said.reason.into_string();
        let mut next = self.to(Status::Reopened);
        (next.reopened, next.reason) = (next.reopened + 1, Some(reason.clone()));
        if let Some(day) = said.due_on {
            next.due_on = to_come(day, by)?;
        }
        Ok(Change::new("reopen", next).because(reason))
    }
    /// Does it wait for an answer beyond its last day? The last day itself is in time.
    pub fn overdue(&self, today: Day) -> bool {
        matches!(self.status, Status::Open | Status::Reopened) && self.due_on < today
    }

    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn to_come(due_on: Day, by: &Stamp) -> Result<Day, QuestionRule> {
    if due_on < by.today() { Err(QuestionRule::Past { due_on }) } else { Ok(due_on) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::{by, evidence, opportunity};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn asked(due_on: &str) -> Result<Question, QuestionRule> {
        let new = NewCustomerQuestion {
            opportunity_id: opportunity().id,
            text: "质保期？".parse().unwrap(),
            asked_by: None,
            due_on: day(due_on),
        };
        Question::ask(QuestionId(uuid::Uuid::nil()), new, &opportunity(), &by()).map(|change| change.after().clone())
    }
    fn again(due_on: Option<&str>) -> ReopenCustomerQuestion {
        ReopenCustomerQuestion { reason: "不够具体".parse().unwrap(), due_on: due_on.map(day) }
    }

    #[test]
    fn crm_22_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let question = || Question { status: from, ..asked("2026-03-02").unwrap() };
            let steps = [
                ("update", question().update(CustomerQuestionPatch::default(), &by()).ok()),
                ("answer", question().answer("三年".into(), &by()).ok()),
                ("accept", question().accept(evidence(), &by()).ok()),
                ("reopen", question().reopen(again(None), &by()).ok()),
            ];
            for (command, outcome) in steps {
                if let Some(change) = outcome {
                    assert_eq!(change.after().version, 2, "{command} makes a version");
                    table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
                }
            }
        }
        assert_eq!(
            table,
            [
                "open update open []",
                "open answer answered [\"crm.question.answered.v1\"]",
                "answered accept accepted []",
                "answered reopen reopened []",
                "reopened update reopened []",
                "reopened answer answered [\"crm.question.answered.v1\"]",
            ]
        );
    }

    #[test]
    fn crm_22_the_last_day_is_in_time_and_the_day_after_is_not() {
        // `by` acts on 2026-03-02 in China.
        assert_eq!(asked("2026-03-01").unwrap_err(), QuestionRule::Past { due_on: day("2026-03-01") });
        assert!(asked("2026-03-03").is_ok());
        let question = asked("2026-03-02").unwrap();
        let late = |on: &str| question.overdue(day(on));
        assert_eq!([late("2026-03-01"), late("2026-03-02"), late("2026-03-03")], [false, false, true]);
        let answered = question.answer("三年".into(), &by()).unwrap().after().clone();
        assert!(!answered.overdue(day("2026-03-03")), "an answered one waits for nothing");
        assert!(answered.clone().reopen(again(Some("2026-03-01")), &by()).is_err());
        let reopened = answered.reopen(again(None), &by()).unwrap().after().clone();
        assert_eq!((reopened.reopened, reopened.overdue(day("2026-03-03"))), (1, true));
    }
}
