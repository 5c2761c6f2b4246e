//! The rules of requirement surveys (CRM-16). Pure: no async, no clock, no SQL.
use crate::{opportunities::domain::Opportunity, schema::requirement_surveys};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Stamp, Transition};
use serde::Serialize;
use wire::{
    CaseId, Day, Moment,
    crm::{
        ConductRequirementSurvey, NewRequirementSurvey, OpportunityId, RecordRequirementSurvey, RequirementSurveyId,
        RequirementSurveyPatch, RequirementSurveyRecorded, RequirementSurveyStatus as Status, SpecField, SurveyAnswer,
        SurveyAttendee, SurveyMethod, SurveySide,
    },
    json::Kept,
};

/// People of a survey, and answers of it, at most.
const MOST_ATTENDEES: usize = 50;
const MOST_ANSWERS: usize = 100;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requirement_surveys, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RequirementSurvey {
    pub id: RequirementSurveyId,
    pub status: Status,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub method: SurveyMethod,
    pub planned_on: Day,
    pub conducted_on: Option<Day>,
    pub attendees: Kept<Vec<SurveyAttendee>>,
    pub answers: Kept<Vec<SurveyAnswer>>,
    pub recorded_by: Option<String>,
    pub recorded_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(RequirementSurvey, "requirement_survey", RequirementSurveyId; row: this, case: some, owned);

platform::rules!(
    /// Why a survey is refused.
    SurveyRule {
        Attendees { count: usize } => "requirement_survey.attendees", Invalid, "at most 50 people take part, not {count}", "参与人员最多 50 人，实际为 {count} 人", at "/attendees";
        Customer => "requirement_survey.customer", Invalid, "nobody of the customer took part", "客户方无人参与", at "/attendees";
        Future { day: Day } => "requirement_survey.conducted_on", Invalid, "{day} is still to come", "{day} 尚未到来", at "/conducted_on";
        Answers { count: usize } => "requirement_survey.answers", Invalid, "a survey has 1 to 100 answers, not {count}", "调研应有 1 至 100 条结果，实际为 {count} 条", at "/answers";
    }
);

impl Machine for RequirementSurvey {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "requirement_survey",
        transitions: &[
            Transition::new("update", &["planned"], &["planned"]),
            Transition::new("conduct", &["planned"], &["conducted"]),
            Transition::new("record", &["conducted"], &["recorded"]),
        ],
        labels: Status::labels(),
    };
}

impl RequirementSurvey {
    /// A survey about an opportunity, of its case and owner.
    pub fn plan(
        id: RequirementSurveyId,
        new: NewRequirementSurvey,
        opportunity: &Opportunity,
        by: &Stamp,
    ) -> Result<Change<Self>, SurveyRule> {
        let NewRequirementSurvey { opportunity_id: _, method, planned_on, attendees } = new;
        let survey = Self {
            id,
            status: Status::Planned,
            case_id: opportunity.case_id,
            opportunity_id: opportunity.id,
            method,
            planned_on,
            conducted_on: None,
            attendees: Kept(few(attendees)?),
            answers: Kept(Vec::new()),
            recorded_by: None,
            recorded_at: None,
            owner_id: opportunity.owner_id.clone(),
            team_id: opportunity.team_id.clone(),
            department_id: opportunity.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", survey))
    }
    /// Changes a planned one.
    pub fn update(self, patch: RequirementSurveyPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let RequirementSurveyPatch { method, planned_on, attendees } = patch;
        let mut next = self.next();
        next.method = method.unwrap_or(next.method);
        next.planned_on = planned_on.unwrap_or(next.planned_on);
        if let Some(list) = attendees {
            next.attendees = Kept(few(list)?);
        }
        Ok(Change::new("update", next))
    }
    /// It has taken place, with somebody of the customer.
    pub fn conduct(self, said: ConductRequirementSurvey, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("conduct")?;
        let ConductRequirementSurvey { conducted_on, attendees } = said;
        if conducted_on > by.today() {
            return Err(SurveyRule::Future { day: conducted_on }.into());
        }
        if !attendees.iter().any(|attendee| attendee.side == SurveySide::Customer) {
            return Err(SurveyRule::Customer.into());
        }
        let mut next = self.to(Status::Conducted);
        (next.conducted_on, next.attendees) = (Some(conducted_on), Kept(few(attendees)?));
        Ok(Change::new("conduct", next))
    }
    /// What was found out; fields without an answer stay visible.
    pub fn record(self, said: RecordRequirementSurvey, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("record")?;
        let answers = said.answers;
        if answers.is_empty() || answers.len() > MOST_ANSWERS {
            return Err(SurveyRule::Answers { count: answers.len() }.into());
        }
        let mut next = self.to(Status::Recorded);
        next.answers = Kept(answers);
        (next.recorded_by, next.recorded_at) = (Some(by.actor.clone()), Some(by.at));
        let event = RequirementSurveyRecorded {
            requirement_survey_id: next.id,
            opportunity_id: next.opportunity_id,
            method: next.method,
            unanswered: next.unanswered(),
        };
        Ok(Change::new("record", next).emit(&event))
    }
    /// Fields that a survey asks about and that have no answer here; a specification (规格) is asked about where there is one.
    pub fn unanswered(&self) -> Vec<SpecField> {
        let open = |field: &&SpecField| {
            **field != SpecField::Specification && !self.answers.0.iter().any(|answer| answer.field == **field)
        };
        SpecField::ALL.iter().filter(open).copied().collect()
    }

    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn few(attendees: Vec<SurveyAttendee>) -> Result<Vec<SurveyAttendee>, SurveyRule> {
    if attendees.len() > MOST_ATTENDEES {
        return Err(SurveyRule::Attendees { count: attendees.len() });
    }
    Ok(attendees)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::{by, opportunity};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn someone(side: SurveySide) -> SurveyAttendee {
        SurveyAttendee { name: "李雷".parse().unwrap(), side, title: None }
    }
    fn planned(attendees: usize) -> Result<RequirementSurvey, SurveyRule> {
        let new = NewRequirementSurvey {
            opportunity_id: opportunity().id,
            method: SurveyMethod::Meeting,
            planned_on: day("2026-03-02"),
            attendees: vec![someone(SurveySide::Ours); attendees],
        };
        let id = RequirementSurveyId(uuid::Uuid::nil());
        RequirementSurvey::plan(id, new, &opportunity(), &by()).map(|change| change.after().clone())
    }
    fn held(on: &str, side: SurveySide) -> ConductRequirementSurvey {
        ConductRequirementSurvey { conducted_on: day(on), attendees: vec![someone(side)] }
    }
    fn found(field: SpecField, count: usize) -> RecordRequirementSurvey {
        RecordRequirementSurvey { answers: vec![SurveyAnswer { field, answer: "12 台".parse().unwrap() }; count] }
    }

    #[test]
    fn crm_16_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let survey = || RequirementSurvey { status: from, ..planned(1).unwrap() };
            let steps = [
                ("update", survey().update(RequirementSurveyPatch::default()).ok()),
                ("conduct", survey().conduct(held("2026-03-02", SurveySide::Customer), &by()).ok()),
                ("record", survey().record(found(SpecField::Quantity, 1), &by()).ok()),
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
                "planned update planned []",
                "planned conduct conducted []",
                "conducted record recorded [\"crm.requirement_survey.recorded.v1\"]",
            ]
        );
    }

    #[test]
    fn crm_16_it_was_held_by_today_with_somebody_of_the_customer() {
        let survey = || planned(0).unwrap();
        assert!(survey().conduct(held("2026-03-01", SurveySide::Customer), &by()).is_ok());
        assert!(survey().conduct(held("2026-03-02", SurveySide::Customer), &by()).is_ok());
        assert!(survey().conduct(held("2026-03-03", SurveySide::Customer), &by()).is_err());
        assert!(survey().conduct(held("2026-03-01", SurveySide::Ours), &by()).is_err());
        assert!(planned(50).is_ok());
        assert_eq!(planned(51).unwrap_err(), SurveyRule::Attendees { count: 51 });
    }

    #[test]
    fn crm_16_fields_without_an_answer_stay_visible() {
        use SpecField::{Budget, Delivery, Function, Performance, Quantity, Service};
        let survey = || RequirementSurvey { status: Status::Conducted, ..planned(0).unwrap() };
        let count = |count| survey().record(found(Quantity, count), &by()).is_ok();
        assert_eq!([count(0), count(1), count(100), count(101)], [false, true, true, false]);
        let recorded = survey().record(found(Quantity, 1), &by()).unwrap().after().clone();
        assert_eq!(recorded.unanswered(), [Function, Performance, Delivery, Service, Budget]);
    }
}
