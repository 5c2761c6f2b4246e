//! Proposals: a solution and its quotes, offered together and decided about together (QUO-07, 08, 16).
use crate::{
    Action, CaseId, Code, Currency, Day, Evidence, Label, Moment, Name, Note, Patched,
    crm::AccountId,
    event::event,
    id::id,
    line::{Line, PaymentTerm, Totals},
    page::page_query,
    quoting::{QuoteId, SolutionId, SolutionSectionKind},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A solution and one or several quotes, offered together.
    ProposalId
);
words!(
    /// The life of a proposal (QUO-07).
    ProposalStatus {
        Draft => "draft" "草稿" "Draft",
        Submitted => "submitted" "已提交客户" "Submitted to the customer",
        UnderClarification => "under_clarification" "澄清中" "Under clarification",
        Accepted => "accepted" "客户已接受" "Accepted",
        Declined => "declined" "客户未接受" "Declined",
    }
);
words!(
    /// The life of a question about a proposal (QUO-08).
    ProposalQuestionStatus {
        Open => "open" "待答复" "Open",
        Answered => "answered" "已答复" "Answered",
        Accepted => "accepted" "已认可" "Accepted",
    }
);
resource!(Proposal);

/// A quote that is offered as one of the alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalVariant {
    /// `A`, `B`, `C` …: what the customer calls it; unique within the proposal.
    pub label: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
    pub quote_id: QuoteId,
}

/// A proposal as it is drafted: an approved solution and 1 to 5 approved or issued quotes of the same deal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"title": "二期泵站改造", "solution_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab",
    "variants": [{"label": "A", "title": "标准配置", "quote_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ac"}]})))]
pub struct NewProposal {
    pub title: Name,
    /// What the customer reads first.
    #[serde(default)]
    pub message: Option<Note>,
    pub solution_id: SolutionId,
    #[schema(min_items = 1, max_items = 5)]
    pub variants: Vec<ProposalVariant>,
}

/// Changes a draft, or one that is being clarified (RFC 7396); variants are replaced as a whole. The customer has what was offered
/// until it is submitted again; a quote that is offered already and falls out is withdrawn then.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Name>,
    /// What the customer reads first.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub message: Patched<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub solution_id: Option<SolutionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 5, nullable = false)]
    pub variants: Option<Vec<ProposalVariant>>,
}

page_query!(
    /// What the list of proposals takes.
    ProposalQuery {
        /// Only proposals to one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: AccountId,
        /// Only proposals of one solution.
        #[param(value_type = Option<String>, format = Uuid)]
        solution_id: SolutionId,
    }
);

/// What the customer wants to know.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskProposal {
    pub question: Label,
    /// Who of the customer's people asks.
    pub person: Name,
}

/// The answer to an open question.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerProposal {
    /// Of one of the proposal's `questions`.
    #[schema(value_type = String, format = Uuid)]
    pub question_id: Uuid,
    /// The customer reads it.
    pub answer: Note,
}

/// The customer is content with an answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptProposalAnswer {
    /// Of one of the proposal's `questions`.
    #[schema(value_type = String, format = Uuid)]
    pub question_id: Uuid,
}

/// The customer's yes to one of the variants, recorded on their behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"variant": "A", "evidence": {"channel": "email", "person": "李雷", "at": "2026-03-02T01:30:00Z"}})))]
pub struct AcceptProposal {
    /// The `label` of the variant that they want.
    pub variant: Code,
    pub evidence: Evidence,
}

/// A question and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalQuestion {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub status: ProposalQuestionStatus,
    pub question: String,
    /// Who of the customer's people asked.
    pub person: String,
    /// Who put it down: an employee, or the customer over a link.
    pub asked_by: String,
    pub asked_at: Moment,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<Moment>,
}

/// What the customer has of a proposal, as it was when it last went to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferedProposal {
    pub title: String,
    /// What the customer reads first.
    pub message: Option<String>,
    pub solution_id: SolutionId,
    pub variants: Vec<ProposalVariant>,
}

/// A proposal as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    pub id: ProposalId,
    pub number: String,
    /// How many times it went to the customer.
    pub revision: i32,
    pub status: ProposalStatus,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub title: String,
    /// What the customer reads first.
    pub message: Option<String>,
    pub solution_id: SolutionId,
    pub variants: Vec<ProposalVariant>,
    /// What the customer has, whatever is being changed here meanwhile; absent of a draft.
    pub offered: Option<OfferedProposal>,
    /// The quote that the customer has accepted.
    pub accepted_quote_id: Option<QuoteId>,
    pub questions: Vec<ProposalQuestion>,
    /// Why the customer declined.
    pub reason: Option<String>,
    /// What shows the customer's yes.
    pub evidence: Option<Evidence>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    /// When it last went to the customer.
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A section of the solution, as the customer reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentSection {
    pub kind: SolutionSectionKind,
    pub title: String,
    /// Markdown.
    pub text: String,
}

/// One of the alternatives, as the customer reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentVariant {
    /// What it is called within the proposal: `A`.
    pub label: String,
    pub title: Option<String>,
    /// The quote's.
    pub number: String,
    pub revision: i32,
    pub currency: Currency,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
    /// Last day on which it can be accepted, in Asia/Shanghai.
    pub valid_until: Day,
    pub delivery_date: Option<Day>,
    /// It is the one that was accepted.
    pub accepted: bool,
    /// It is no longer valid: rejected, replaced, withdrawn, or its last day is over.
    pub ended: bool,
}

/// What of a proposal the customer may read: no costs, no margins, no notes among colleagues. A PDF is made of this, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalDocument {
    pub number: String,
    /// How many times it went to the customer; of a quote by itself its own revision. Title, message, solution and the choice of quotes of one revision
    /// never change; a quote that is withdrawn or replaced falls out of it.
    pub revision: i32,
    pub title: String,
    /// Name of the customer.
    pub customer: String,
    /// Whom the link was shared with; absent without a link.
    pub contact: Option<String>,
    /// When it was submitted, in Asia/Shanghai.
    pub date: Option<Day>,
    /// The first day on which a variant ends that is still valid, or else any; nothing where there is none.
    pub valid_until: Option<Day>,
    pub sections: Vec<DocumentSection>,
    pub variants: Vec<DocumentVariant>,
    /// What the customer reads first.
    pub note: Option<String>,
    /// Of the labels: `zh-CN` or `en`.
    pub language: String,
}

words!(
    /// A language that documents are printed in.
    DocumentLanguage {
        Chinese => "zh-CN" "中文" "Chinese",
        English => "en" "英文" "English",
    }
);

/// How a document is printed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PrintQuery {
    /// The reader's (`Accept-Language`) if absent.
    #[param(inline)]
    pub language: Option<DocumentLanguage>,
}

/// Both went to the customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProposalSubmitted {
    pub proposal_id: ProposalId,
    pub number: String,
    pub account_id: AccountId,
    pub solution_id: SolutionId,
    pub quote_ids: Vec<QuoteId>,
}
event!(ProposalSubmitted = "quoting.proposal.submitted.v1");

/// A doubt of the customer's was answered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProposalQuestionAnswered {
    pub proposal_id: ProposalId,
    pub number: String,
    /// Of one of the proposal's `questions`.
    pub question_id: Uuid,
}
event!(ProposalQuestionAnswered = "quoting.proposal.question_answered.v1");

/// The customer said yes to the solution and one of the quotes; what becomes of the quote, `quoting.quote.accepted.v1` says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProposalAccepted {
    pub proposal_id: ProposalId,
    pub number: String,
    pub account_id: AccountId,
    pub solution_id: SolutionId,
    pub quote_id: QuoteId,
    pub accepted_at: Moment,
}
event!(ProposalAccepted = "quoting.proposal.accepted.v1");
