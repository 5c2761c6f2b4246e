//! Surveys 《客户满意度问卷》: templates of five questions, and customers' answers from 1 to 5 (SVC-13).
use super::{RevisitId, SurveyId, SurveyTemplateId};
use crate::{
    Action, CaseId, Evidence, Label, Moment, Name, Note, crm::AccountId, orders::OrderId, page::page_query,
    resource::resource, words::words,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a template.
    SurveyTemplateStatus {
        Draft => "draft" "草稿" "Draft",
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
words!(
    /// The life of a survey.
    SurveyStatus {
        Open => "open" "待答" "Open",
        Answered => "answered" "已答" "Answered",
        Void => "void" "作废" "Void",
    }
);
resource!(SurveyTemplate, Survey);

/// A question in both languages; its answer is a score from 1 (not at all) to 5 (entirely).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyQuestion {
    /// As it is put in Chinese.
    #[serde(rename = "zh-CN")]
    pub chinese: Label,
    /// As it is put in English.
    #[serde(rename = "en")]
    pub english: Label,
}

/// A template as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSurveyTemplate {
    pub name: Name,
    /// Exactly five.
    #[schema(min_items = 5, max_items = 5)]
    pub questions: Vec<SurveyQuestion>,
}

/// Changes a draft (RFC 7396): what is absent stays; the questions are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyTemplatePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 5, max_items = 5, nullable = false)]
    pub questions: Option<Vec<SurveyQuestion>>,
}

/// A template as it stands; one is active at a time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyTemplate {
    pub id: SurveyTemplateId,
    pub name: String,
    pub status: SurveyTemplateStatus,
    pub questions: Vec<SurveyQuestion>,
    pub created_at: Moment,
    pub activated_at: Option<Moment>,
    pub retired_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A survey as it stands: the questions are those that were active when the customer was reached.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Survey {
    pub id: SurveyId,
    pub number: String,
    pub status: SurveyStatus,
    pub case_id: Option<CaseId>,
    pub revisit_id: RevisitId,
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub account_name: String,
    pub template_id: SurveyTemplateId,
    pub questions: Vec<SurveyQuestion>,
    /// In the order of the questions; empty until answered, then never changed.
    pub answers: Vec<SurveyAnswer>,
    /// Mean of the scores, two decimals.
    #[schema(value_type = Option<String>, examples("4.60"))]
    pub mean: Option<Decimal>,
    /// No score of 2 or less.
    pub satisfied: Option<bool>,
    pub note: Option<String>,
    /// The trouble that the customer told of; it opened a ticket (SVC-14).
    pub problem_reported: Option<String>,
    /// What shows that the customer answered so.
    pub evidence: Option<Evidence>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub answered_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// One question's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyAnswer {
    /// 1, 2, 3 … as in the survey.
    #[schema(minimum = 1, maximum = 5)]
    pub question: i16,
    /// 1 (not at all) to 5 (entirely).
    #[schema(minimum = 1, maximum = 5)]
    pub score: i16,
    /// What the customer said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Label>,
}

/// The customer's answers, recorded on their behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"answers": [{"question": 1, "score": 5}, {"question": 2, "score": 4}, {"question": 3, "score": 5},
    {"question": 4, "score": 4}, {"question": 5, "score": 5}], "evidence": {"channel": "phone", "person": "李雷", "at": "2026-03-05T02:00:00Z"}})))]
pub struct AnswerSurvey {
    /// Exactly one for every question.
    #[schema(min_items = 5, max_items = 5)]
    pub answers: Vec<SurveyAnswer>,
    pub evidence: Evidence,
    #[serde(default)]
    pub note: Option<Note>,
    /// Trouble that the customer told of, such as 设备无法联网: opens a ticket, whatever the scores (SVC-14).
    #[serde(default)]
    pub problem_reported: Option<Note>,
}

page_query!(
    /// Which surveys.
    SurveyQuery {
        /// Only what one revisit brought up.
        #[param(value_type = Option<String>, format = Uuid)]
        revisit_id: Uuid,
    }
);
