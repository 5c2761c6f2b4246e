//! The rules of surveys (SVC-13). Pure: no async, no clock, no SQL.
use crate::{
    revisits::domain::Revisit,
    schema::{survey_answers, surveys},
    templates::domain::SurveyTemplate,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use wire::{
    CaseId, Evidence, Label, Moment, Note,
    aftersales::{
        AnswerSurvey, RevisitId, SurveyAnswer, SurveyAnswered, SurveyId, SurveyQuestion, SurveyStatus as Status,
        SurveyTemplateId,
    },
    crm::AccountId,
    json::Kept,
    orders::OrderId,
};

/// Scores go from 1 to 5.
pub const BEST: i16 = 5;
/// A score this low is a complaint: the customer is not satisfied.
pub const UNSATISFIED: i16 = 2;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = surveys, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: SurveyId,
    pub number: String,
    pub status: Status,
    pub case_id: Option<CaseId>,
    pub revisit_id: RevisitId,
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub account_name: String,
    pub template_id: SurveyTemplateId,
    pub questions: Kept<Vec<SurveyQuestion>>,
    pub mean: Option<Decimal>,
    pub note: Option<String>,
    pub problem_reported: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub answered_at: Option<Moment>,
    pub version: i32,
}

/// An answer's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = survey_answers, treat_none_as_default_value = false)]
pub struct Answer {
    pub survey_id: SurveyId,
    pub question: i16,
    pub score: i16,
    pub comment: Option<Label>,
}

/// A survey with its answers.
#[derive(Debug, Clone, Serialize)]
pub struct Survey {
    pub head: Head,
    pub answers: Vec<Answer>,
    /// The next save adds the answers.
    #[serde(skip)]
    pub fresh: bool,
}
platform::entity!(Survey, "survey", SurveyId; row: head, case: option, owned);

platform::rules!(
    /// Why answers are refused.
    SurveyRule {
        Count { questions: usize, answers: usize } => "survey.answers", Invalid, "there are {questions} questions but {answers} answers", "共 {questions} 个问题，收到 {answers} 个答案", at "/answers";
        Unknown { index: usize, question: i16 } => "survey.unknown_question", Invalid, "there is no question {question}", "没有第 {question} 题", at "/answers/{index}/question";
        Twice { index: usize, question: i16 } => "survey.question_twice", Invalid, "question {question} is answered twice", "第 {question} 题重复作答", at "/answers/{index}/question";
        Score { index: usize } => "survey.score", Invalid, "a score goes from 1 to 5", "分数应为 1 至 5", at "/answers/{index}/score";
    }
);

impl Machine for Survey {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "survey",
        transitions: &[
            Transition::new("answer", &["open"], &["answered"]),
            Transition::automatic("void", &["open"], &["void"]),
        ],
        labels: Status::labels(),
    };
}

impl Survey {
    /// The customer was reached: these questions are put, whatever becomes of the template.
    pub fn put(id: SurveyId, number: String, revisit: &Revisit, template: &SurveyTemplate, by: &Stamp) -> Change<Self> {
        let head = Head {
            id,
            number,
            status: Status::Open,
            case_id: revisit.case_id,
            revisit_id: revisit.id,
            order_id: revisit.order_id,
            account_id: revisit.account_id,
            account_name: revisit.account_name.clone(),
            template_id: template.id,
            questions: template.questions.clone(),
            mean: None,
            note: None,
            problem_reported: None,
            evidence: None,
            owner_id: revisit.owner_id.clone(),
            team_id: revisit.team_id.clone(),
            department_id: revisit.department_id.clone(),
            created_at: by.at,
            answered_at: None,
            version: 1,
        };
        Change::new("create", Self { head, answers: Vec::new(), fresh: false })
    }
    /// Exactly one answer to every question, once and for all.
    pub fn answer(self, given: AnswerSurvey, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("answer")?;
        let AnswerSurvey { answers, evidence, note, problem_reported } = given;
        not_to_come("evidence", &evidence, by)?;
        let mut next = self.next();
        next.answers = rows(next.head.id, next.head.questions.0.len(), answers)?;
        next.fresh = true;
        let scores: Vec<i16> = next.answers.iter().map(|answer| answer.score).collect();
        let mean = mean(&scores);
        next.head.status = Status::Answered;
        (next.head.mean, next.head.answered_at) = (Some(mean), Some(by.at));
        (next.head.evidence, next.head.note) = (Some(Kept(evidence)), note.map(Note::into_string));
        next.head.problem_reported = problem_reported.map(Note::into_string);
        let event = SurveyAnswered {
            survey_id: next.head.id,
            number: next.head.number.clone(),
            revisit_id: next.head.revisit_id,
            order_id: next.head.order_id,
            account_id: next.head.account_id,
            scores,
            mean,
        };
        Ok(Change::new("answer", next).emit(&event))
    }
    /// The revisit ended without answers.
    pub fn void(self) -> Result<Change<Self>, Refused> {
        self.may("void")?;
        let mut next = self.next();
        next.head.status = Status::Void;
        Ok(Change::new("void", next))
    }
    /// No score of 2 or less; `None` before there are scores.
    pub fn satisfied(&self) -> Option<bool> {
        (self.head.status == Status::Answered).then(|| self.answers.iter().all(|answer| answer.score > UNSATISFIED))
    }

    fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

fn rows(survey_id: SurveyId, questions: usize, answers: Vec<SurveyAnswer>) -> Result<Vec<Answer>, SurveyRule> {
    if answers.len() != questions {
        return Err(SurveyRule::Count { questions, answers: answers.len() });
    }
    let mut rows: Vec<Answer> = Vec::with_capacity(questions);
    for (index, SurveyAnswer { question, score, comment }) in answers.into_iter().enumerate() {
        if !usize::try_from(question).is_ok_and(|number| (1..=questions).contains(&number)) {
            return Err(SurveyRule::Unknown { index, question });
        }
        if rows.iter().any(|row| row.question == question) {
            return Err(SurveyRule::Twice { index, question });
        }
        if !(1..=BEST).contains(&score) {
            return Err(SurveyRule::Score { index });
        }
        rows.push(Answer { survey_id, question, score, comment });
    }
    rows.sort_by_key(|row| row.question);
    Ok(rows)
}

/// Two decimals, half to even; of five scores it is exact.
fn mean(scores: &[i16]) -> Decimal {
    let sum: Decimal = scores.iter().map(|&score| Decimal::from(score)).sum();
    let mean = sum / Decimal::from(scores.len().max(1));
    let mut mean = mean.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
    mean.rescale(2);
    mean
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
