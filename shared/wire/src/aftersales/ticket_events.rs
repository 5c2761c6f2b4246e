//! What aftersales tells of tickets (SVC-01, 03 to 05, 08, 09). Every fact carries what others need to know of the ticket.
use super::{RevisitId, SurveyId, TicketChannel, TicketKind, TicketSeverity};
use crate::{Moment, crm::AccountId, event::event, id::id, orders::OrderId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// Something that a customer asked, complained of, proposed or found broken.
    TicketId
);

/// What a ticket's facts share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketSnapshot {
    pub ticket_id: TicketId,
    pub number: String,
    pub kind: TicketKind,
    pub severity: TicketSeverity,
    pub account_id: AccountId,
    pub order_id: Option<OrderId>,
    pub revisit_id: Option<RevisitId>,
    pub survey_id: Option<SurveyId>,
    /// By when the customer was promised a solution.
    pub promised_at: Moment,
}

/// A customer told us something (SVC-01, SVC-14).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketOpened {
    /// How it reached us; `revisit` where it was heard in a call after a delivery or in a survey's answers.
    pub source: TicketChannel,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketOpened = "aftersales.ticket.opened.v1");

/// Another department has it (SVC-05).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketRouted {
    /// Code of the department that had it; absent where none had.
    pub from: Option<String>,
    /// Code of the department that has it since.
    pub to: String,
    pub reason: String,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketRouted = "aftersales.ticket.routed.v1");

/// Someone works on it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketAssigned {
    /// The `sub` of their tokens.
    pub assignee: String,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketAssigned = "aftersales.ticket.assigned.v1");

/// Nobody answered the customer in time (SVC-03).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketFirstResponseBreached {
    pub first_response_due_at: Moment,
    /// Who sees to it: a reference of the directory; absent while nobody does.
    pub assignee: Option<String>,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketFirstResponseBreached = "aftersales.ticket.first_response_breached.v1");

/// The customer was promised another time, and told so (SVC-04).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketPromiseChanged {
    /// What was promised before.
    pub from: Moment,
    pub reason: String,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketPromiseChanged = "aftersales.ticket.promise_changed.v1");

/// Three quarters of the promised time are gone (SVC-04).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlaWarning {
    pub warn_at: Moment,
    /// Who sees to it: a reference of the directory; absent while nobody does.
    pub assignee: Option<String>,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(SlaWarning = "aftersales.sla.warning.v1");

/// The promised time is over and the ticket is not solved (SVC-04).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlaBreached {
    /// Who sees to it: a reference of the directory; absent while nobody does.
    pub assignee: Option<String>,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(SlaBreached = "aftersales.sla.breached.v1");

/// We say that it is solved; the customer has not said so yet (SVC-08).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketResolved {
    /// What was done.
    pub solution: String,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketResolved = "aftersales.ticket.resolved.v1");

/// The customer is not satisfied with the solution: once more, one tier higher (SVC-09).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketReopened {
    pub reason: String,
    /// How often this has happened to the ticket.
    pub loop_count: i32,
    /// One higher with each loop, as far as there are tiers.
    pub escalation_tier: i32,
    /// The role that has to see to it now.
    pub escalated_to: String,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketReopened = "aftersales.ticket.reopened.v1");

/// The customer said that it is solved (SVC-08).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketConfirmed {
    /// Confirmed by the time that was promised.
    pub in_time: bool,
    /// How often the customer was not satisfied.
    pub loop_count: i32,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketConfirmed = "aftersales.ticket.confirmed.v1");

/// Over, after the customer's word.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketClosed {
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketClosed = "aftersales.ticket.closed.v1");

/// It was a mistake or a double; nobody works on it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TicketCancelled {
    pub reason: String,
    #[serde(flatten)]
    pub ticket: TicketSnapshot,
}
event!(TicketCancelled = "aftersales.ticket.cancelled.v1");
