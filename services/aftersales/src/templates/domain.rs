//! The rules of survey templates (SVC-13). Pure: no async, no clock, no SQL.
use crate::schema::survey_templates;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Moment, Name,
    aftersales::{
        NewSurveyTemplate, SurveyQuestion, SurveyTemplateId, SurveyTemplatePatch, SurveyTemplateStatus as Status,
    },
    json::Kept,
};

/// Questions of a survey: 《客户满意度问卷》 has five.
pub const QUESTIONS: usize = 5;

/// A template, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = survey_templates, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SurveyTemplate {
    pub id: SurveyTemplateId,
    pub name: String,
    pub status: Status,
    pub questions: Kept<Vec<SurveyQuestion>>,
    pub created_at: Moment,
    pub activated_at: Option<Moment>,
    pub retired_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(SurveyTemplate, "survey_template", SurveyTemplateId; row: this, case: none, unowned);

platform::rules!(
    /// Why a template is refused.
    TemplateRule {
        Questions { count: usize } => "survey_template.questions", Invalid, "a survey has exactly 5 questions, not {count}", "问卷应恰好有 5 个问题，实际为 {count} 个", at "/questions";
        Twice { index: usize } => "survey_template.question_twice", Invalid, "this question stands in the survey already", "问题重复", at "/questions/{index}";
    }
);

impl Machine for SurveyTemplate {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "survey_template",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("activate", &["draft"], &["active"]),
            Transition::new("retire", &["draft"], &["retired"]),
            Transition::automatic("replace", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl SurveyTemplate {
    /// A draft.
    pub fn draft(id: SurveyTemplateId, new: NewSurveyTemplate, by: &Stamp) -> Result<Change<Self>, TemplateRule> {
        let template = Self {
            id,
            name: new.name.into_string(),
            status: Status::Draft,
            questions: Kept(five(new.questions)?),
            created_at: by.at,
            activated_at: None,
            retired_at: None,
            version: 1,
        };
        Ok(Change::new("create", template))
    }
    /// Changes a draft.
    pub fn update(self, patch: SurveyTemplatePatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let mut next = self.next();
        next.name = patch.name.map_or(next.name, Name::into_string);
        if let Some(questions) = patch.questions {
            next.questions = Kept(five(questions)?);
        }
        Ok(Change::new("update", next))
    }
    /// From now on customers are asked this; the one before steps aside first, with `replace`.
    pub fn activate(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        let mut next = self.next();
        (next.status, next.activated_at) = (Status::Active, Some(by.at));
        Ok(Change::new("activate", next))
    }
    /// A draft that nobody wants.
    pub fn retire(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.end("retire", by)
    }
    /// Another takes its place; surveys that were put with it keep its questions.
    pub fn replace(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.end("replace", by)
    }

    fn end(self, action: &'static str, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may(action)?;
        let mut next = self.next();
        (next.status, next.retired_at) = (Status::Retired, Some(by.at));
        Ok(Change::new(action, next))
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// Exactly five, none twice.
fn five(questions: Vec<SurveyQuestion>) -> Result<Vec<SurveyQuestion>, TemplateRule> {
    if questions.len() != QUESTIONS {
        return Err(TemplateRule::Questions { count: questions.len() });
    }
    let twice = |&index: &usize| {
        let known = &questions[..index];
        known.iter().any(|q| q.chinese == questions[index].chinese || q.english == questions[index].english)
    };
    match (0..QUESTIONS).find(twice) {
        Some(index) => Err(TemplateRule::Twice { index }),
        None => Ok(questions),
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
