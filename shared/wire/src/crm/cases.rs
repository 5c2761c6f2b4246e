//! Cases: one deal from end to end, read from the facts of all services (rulings 15, 18).
use crate::{CaseId, EventId, Labelled, Moment, Money, crm::AccountId, event::event, page::page_query, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

words!(
    /// How a deal stands.
    CaseStatus {
        Open => "open" "进行中" "Open",
        Satisfied => "satisfied" "客户满意" "Satisfied",
        Lost => "lost" "输单" "Lost",
    }
);
words!(
    /// Why two documents hang together.
    LinkReason {
        Caused => "caused" "由事件引起" "A fact of one made the other",
        Named => "named" "引用" "One names the other",
    }
);

page_query!(
    /// Filters of lists that know whose customer a row is about.
    AccountPageQuery {
        /// Only rows of one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
    }
);

/// Filters of a customer's timeline.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimelineQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only facts of one deal.
    #[param(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
    /// Only facts that this service told.
    #[param(max_length = 64)]
    pub service: Option<String>,
    /// Only facts from this moment on.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Moment>,
    /// Only facts before this moment.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Moment>,
}
impl TimelineQuery {
    /// What every list takes.
    #[must_use]
    pub fn page(&self) -> crate::PageQuery {
        crate::PageQuery { limit: self.limit, after: self.after, case_id: self.case_id, status: None }
    }
}

/// A deal in a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseSummary {
    pub case_id: CaseId,
    pub account_id: Option<AccountId>,
    pub status: CaseStatus,
    pub started_at: Moment,
    pub last_at: Moment,
    /// From the first fact to the last one, milliseconds.
    pub elapsed_ms: i64,
    /// The deal that this one turned out to be.
    pub merged_into: Option<CaseId>,
}

/// A deal with its documents, how they hang together, and what happened in order. What the caller may not read is left
/// out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseGraph {
    pub case_id: CaseId,
    /// Other ids of the same deal: what happened under them is in here.
    pub aliases: Vec<CaseId>,
    pub account_id: Option<AccountId>,
    pub account_name: Option<String>,
    pub status: CaseStatus,
    pub started_at: Moment,
    pub last_at: Moment,
    /// From the first fact to the last one, milliseconds.
    pub elapsed_ms: i64,
    pub nodes: Vec<CaseNode>,
    pub links: Vec<CaseLink>,
    pub events: Vec<CaseEvent>,
}
impl crate::Shown for CaseGraph {}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseNode {
    /// The service that it belongs to: `crm`, `quoting` …
    pub service: String,
    /// `quote`, `order` … Labels are in the list `entity` of `GET …/enums`.
    pub kind: String,
    /// The document's id in its service.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub number: Option<String>,
    /// The last fact about it; told under another name (`sla` of a ticket), with that name before it.
    pub status: String,
    /// What people read in its place.
    pub status_label: Labelled,
    /// Its gross, as of the last fact that said it.
    pub amount: Option<Money>,
    pub first_at: Moment,
    pub last_at: Moment,
}

/// One document led to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseLink {
    /// Id of the document that came first; one of the `nodes`.
    #[schema(value_type = String, format = Uuid)]
    pub from: Uuid,
    /// Id of the document that it led to.
    #[schema(value_type = String, format = Uuid)]
    pub to: Uuid,
    pub reason: LinkReason,
}

/// A fact of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimelineEntry {
    pub event_id: EventId,
    pub case_id: CaseId,
    pub at: Moment,
    /// The service that it belongs to: `crm`, `quoting` …
    pub service: String,
    /// The kind of the document: `quote`, `order` … Labels are in the list `entity` of `GET …/enums`.
    pub entity: String,
    /// Past tense: `accepted`. Labels are in the list `fact` of `GET …/enums`.
    pub fact: String,
    /// The document's id in its service.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub number: Option<String>,
    /// Who did it: `user:ann`, `customer:…`; `event:…` or `job:…` where the system did.
    pub actor: String,
    pub cause_id: Option<EventId>,
}

/// A fact in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseEvent {
    #[serde(flatten)]
    pub entry: TimelineEntry,
    /// Since the case began, milliseconds.
    pub elapsed_ms: i64,
    /// Since the fact before it in this answer, milliseconds.
    pub since_previous_ms: i64,
}

/// Two deals turned out to be one (ruling 15): from now on the first is another name of the second.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseMerged {
    pub case_id: CaseId,
    pub into_case_id: CaseId,
}
event!(CaseMerged = "crm.case.merged.v1");
