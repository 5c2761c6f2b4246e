//! Doubts of a customer about an opportunity, and what they are told (CRM-22).
use crate::{
    Action, CaseId, Day, Evidence, Label, Moment, Name, Note, crm::OpportunityId, event::event, id::id,
    page::page_query, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A customer's question.
    QuestionId,
);
words!(
    /// The life of a customer's question (CRM-22).
    QuestionStatus {
        Open => "open" "待答复" "Open",
        Answered => "answered" "已答复" "Answered",
        Accepted => "accepted" "客户已认可" "Accepted by the customer",
        Reopened => "reopened" "重新提出" "Asked again",
    }
);
resource!(CustomerQuestion);

/// A doubt as the customer has told it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"opportunity_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "text": "质保期能否延长到三年？", "asked_by": "李雷", "due_on": "2099-12-31"})))]
pub struct NewCustomerQuestion {
    pub opportunity_id: OpportunityId,
    /// The question, in the customer's words.
    pub text: Note,
    /// Who asked, at the customer.
    #[serde(default)]
    pub asked_by: Option<Name>,
    /// Last day for the answer, in China; not in the past.
    pub due_on: Day,
}

/// Changes a question that waits for its answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerQuestionPatch {
    /// The question, in the customer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<Day>,
}

/// What the customer is told.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerCustomerQuestion {
    pub answer: Note,
}

/// The customer is content with the answer, recorded on their behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptCustomerQuestion {
    pub evidence: Evidence,
}

/// The answer does not do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenCustomerQuestion {
    pub reason: Label,
    /// Last day for the better answer; the old one stays if absent.
    #[serde(default)]
    pub due_on: Option<Day>,
}

page_query!(
    /// Filters of customers' questions.
    CustomerQuestionQuery {
        /// Only rows of one opportunity.
        #[param(value_type = Option<String>, format = Uuid)]
        opportunity_id: Uuid,
        /// `true`: only those that wait for an answer beyond their last day.
        overdue: bool,
    }
);

/// A question as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CustomerQuestion {
    pub id: QuestionId,
    pub status: QuestionStatus,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    /// The question, in the customer's words.
    pub text: String,
    /// Who asked, at the customer.
    pub asked_by: Option<String>,
    pub due_on: Day,
    /// It waits for an answer, and its last day is over.
    pub overdue: bool,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<Moment>,
    /// How often an answer did not do.
    pub reopened: i32,
    /// Why the last one did not.
    pub reason: Option<String>,
    /// What shows that the customer is content.
    pub evidence: Option<Evidence>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// The customer was told the answer (CRM-22).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CustomerQuestionAnswered {
    pub question_id: QuestionId,
    pub opportunity_id: OpportunityId,
    pub due_on: Day,
    /// How often an answer did not do before.
    pub reopened: i32,
}
event!(CustomerQuestionAnswered = "crm.question.answered.v1");
