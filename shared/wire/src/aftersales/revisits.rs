//! Revisits: the call after a delivery (SVC-12).
use super::{RevisitId, SurveyId, TicketId, TicketOutcome};
use crate::{
    Action, CaseId, EvidenceChannel, Label, Moment, Name, Note, Reference,
    crm::AccountId,
    orders::{OrderId, ShipmentId},
    page::page_query,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a revisit (SVC-12).
    RevisitStatus {
        Scheduled => "scheduled" "待回访" "Scheduled",
        Contacted => "contacted" "已联系" "Contacted",
        Answered => "answered" "已答卷" "Answered",
        Unreachable => "unreachable" "联系不上" "Unreachable",
        Closed => "closed" "已关闭" "Closed",
    }
);
resource!(Revisit);

/// A revisit as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Revisit {
    pub id: RevisitId,
    pub number: String,
    pub status: RevisitStatus,
    pub case_id: Option<CaseId>,
    pub order_id: OrderId,
    pub order_number: String,
    pub shipment_id: ShipmentId,
    /// Number of the shipment that was delivered.
    pub shipment_number: String,
    pub account_id: AccountId,
    pub account_name: String,
    pub delivered_at: Moment,
    /// The close of the third working day after the delivery, or what it was put off to.
    pub due_at: Moment,
    /// The working calendar that counted.
    pub calendar_id: String,
    /// When it was found late.
    pub overdue_at: Option<Moment>,
    /// Who shall call: the `sub` of their tokens.
    pub assignee: Option<String>,
    /// Calls since it was planned or put off that reached nobody; after three the customer is unreachable.
    pub tries: i32,
    pub contacts: Vec<RevisitContact>,
    /// Put to the customer when they were reached.
    pub survey_id: Option<SurveyId>,
    /// Known once the survey is answered: no score of 2 or less. A customer who was not satisfied is at the end, if they
    /// have confirmed that their ticket is solved.
    pub satisfied: Option<bool>,
    /// What the customer reported (SVC-14); while one of them is open, the revisit is not closed.
    pub tickets: Vec<RevisitTicket>,
    pub note: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub contacted_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A call or message, whether it reached someone or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevisitContact {
    pub at: Moment,
    /// Who called.
    pub by: String,
    /// Did somebody answer?
    pub reached: bool,
    pub channel: EvidenceChannel,
    /// Who of the customer's people; absent where nobody was reached.
    pub person: Option<String>,
    pub note: Option<String>,
}

/// A ticket that this revisit brought up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevisitTicket {
    pub ticket_id: TicketId,
    pub number: String,
    /// How it ended; open if absent.
    pub outcome: Option<TicketOutcome>,
}

/// A call or message just made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"reached": true, "channel": "phone", "person": "李雷"})))]
pub struct ContactRevisit {
    /// Did somebody answer?
    pub reached: bool,
    pub channel: EvidenceChannel,
    /// Who of the customer's people; needed if someone was reached.
    #[serde(default)]
    pub person: Option<Name>,
    #[serde(default)]
    pub note: Option<Label>,
}

/// Who shall call.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRevisit {
    /// A person of the directory.
    pub assignee: Reference,
}

/// The customer wants to be called later.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleRevisit {
    /// In the future.
    pub due_at: Moment,
    pub reason: Label,
}

/// The end of a revisit.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"note": "客户满意 / all fine"})))]
pub struct CloseRevisit {
    /// Needed where the survey was not answered: why.
    #[serde(default)]
    pub note: Option<Note>,
}

page_query!(
    /// Which revisits.
    RevisitQuery {
        /// Only rows of one order.
        #[param(value_type = Option<String>, format = Uuid)]
        order_id: Uuid,
        /// `me`, or a person's reference.
        #[param(max_length = 128)]
        assignee: String,
        /// Only those found late.
        overdue: bool,
    }
);
