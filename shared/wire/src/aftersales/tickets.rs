//! Tickets: what customers ask, complain of, propose or find broken, until they say that it is solved (SVC-01 to 05, 08, 09, 14).
use super::{RevisitId, SurveyId, TicketId};
use crate::{
    Action, CaseId, Code, Email, Evidence, Label, Moment, Name, Note, Reference,
    crm::{AccountId, ContactId},
    orders::{OrderId, ShipmentId},
    page::page_query,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// What a customer wants of us (SVC-01).
    TicketKind {
        Consult => "consult" "咨询" "Question",
        Complaint => "complaint" "投诉" "Complaint",
        Suggestion => "suggestion" "建议" "Suggestion",
        Fault => "fault" "故障" "Fault",
    }
);
words!(
    /// How it reached us (SVC-02).
    TicketChannel {
        Phone => "phone" "电话" "Phone",
        Email => "email" "邮件" "E-mail",
        Online => "online" "在线客服" "Online service",
        Visit => "visit" "来访" "Visit",
        Revisit => "revisit" "回访" "Call after a delivery",
    }
);
words!(
    /// How much it hurts the customer.
    TicketSeverity {
        Low => "low" "轻微" "Low",
        Normal => "normal" "一般" "Normal",
        High => "high" "严重" "High",
        Critical => "critical" "紧急" "Critical",
    }
);
words!(
    /// The life of a ticket (SVC-01, 08, 09).
    TicketStatus {
        New => "new" "新建" "New",
        Triaged => "triaged" "已分诊" "Triaged",
        Assigned => "assigned" "已指派" "Assigned",
        InProgress => "in_progress" "处理中" "In progress",
        Resolved => "resolved" "已解决" "Solved, as we say",
        Reopened => "reopened" "客户不满意" "Customer not satisfied",
        Confirmed => "confirmed" "客户已确认" "Confirmed by the customer",
        Closed => "closed" "已关闭" "Closed",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// How a ticket of a revisit ended.
    TicketOutcome {
        Confirmed => "confirmed" "客户已确认" "Confirmed by the customer",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(Ticket);

/// Whom to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketContact {
    /// One of the customer's contacts, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    pub name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

/// What a customer told us, in detail (SVC-03).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "fault", "channel": "phone", "severity": "high", "account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab",
    "contact": {"name": "李雷", "phone": "138 0013 8000"}, "sku": "P-40", "description": "设备无法联网 / the device does not get online"})))]
pub struct NewTicket {
    pub kind: TicketKind,
    /// `revisit` only with `revisit_id`.
    pub channel: TicketChannel,
    pub severity: TicketSeverity,
    pub account_id: AccountId,
    pub contact: TicketContact,
    /// What happened or is asked.
    pub description: Note,
    /// What the customer wants of us; a complaint needs it.
    #[serde(default)]
    pub wish: Option<Note>,
    /// A fault needs an order or a product.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// A shipment of that order that was delivered.
    #[serde(default)]
    pub shipment_id: Option<ShipmentId>,
    /// The product.
    #[serde(default)]
    pub sku: Option<Code>,
    /// The call in which it was heard; its order is the ticket's.
    #[serde(default)]
    pub revisit_id: Option<RevisitId>,
    /// By when the customer was promised a solution; by the service level of kind and severity, if absent.
    #[serde(default)]
    pub promised_at: Option<Moment>,
}

/// The first look: how bad is it?
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageTicket {
    /// As it was reported, if absent. What the customer was promised stays.
    #[serde(default)]
    pub severity: Option<TicketSeverity>,
}

/// Another department shall see to it (SVC-05).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteTicket {
    /// Its code in the directory.
    pub department: Code,
    pub reason: Label,
}

/// Someone shall see to it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignTicket {
    /// A person of customer service or technical, in the department that has the ticket.
    pub assignee: Reference,
}

/// The customer was answered for the first time (SVC-03).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RespondTicket {
    pub channel: crate::EvidenceChannel,
    /// What they were told.
    pub text: Note,
}

/// Another time is promised, and the customer knows (SVC-04).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseTicket {
    /// In the future.
    pub promised_at: Moment,
    pub reason: Label,
    /// How and when the customer was told.
    pub notice: Evidence,
}

/// It is solved, as we say (SVC-06, SVC-08).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"cause": "固件版本过旧 / outdated firmware", "solution": "已升级固件 / firmware updated"})))]
pub struct ResolveTicket {
    /// What was done.
    pub solution: Note,
    /// Why it happened; a complaint needs it.
    #[serde(default)]
    pub cause: Option<Note>,
}

/// The customer is satisfied: recorded on the contact's behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTicket {
    pub evidence: Evidence,
}

/// The customer is not satisfied (SVC-09).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenTicket {
    /// What is still wrong, in the customer's words.
    pub reason: Note,
    pub evidence: Evidence,
}

/// It was a mistake or a double.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelTicket {
    pub reason: Label,
}

/// From department to department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketRoute {
    /// Code of the department that had it; absent where none had.
    pub from: Option<String>,
    /// Code of the department that has it since.
    pub to: String,
    pub reason: String,
    pub by: String,
    pub at: Moment,
}

/// The first answer to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketResponse {
    pub channel: crate::EvidenceChannel,
    /// What the customer was told.
    pub text: String,
    pub by: String,
    pub at: Moment,
}

/// A promise that was replaced by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketPromise {
    /// What had been promised.
    pub from: Moment,
    pub to: Moment,
    pub reason: String,
    pub notice: Evidence,
    /// When the old promise was broken, if it was.
    pub breached_at: Option<Moment>,
    pub by: String,
    pub at: Moment,
}

/// How it was solved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketResolution {
    /// Why it happened.
    pub cause: Option<String>,
    /// What was done.
    pub solution: String,
    pub by: String,
    pub at: Moment,
}

/// A solution that did not satisfy the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketLoop {
    pub reason: String,
    pub evidence: Evidence,
    /// What had been done.
    pub resolution: TicketResolution,
    /// The tier that it went to.
    pub escalation_tier: i32,
    /// The role that had to see to it from then on.
    pub escalated_to: String,
    pub by: String,
    pub at: Moment,
}

/// A ticket as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    pub id: TicketId,
    pub number: String,
    pub status: TicketStatus,
    pub case_id: CaseId,
    pub kind: TicketKind,
    pub channel: TicketChannel,
    pub severity: TicketSeverity,
    pub account_id: AccountId,
    pub account_name: String,
    pub contact: TicketContact,
    /// What happened or is asked.
    pub description: String,
    /// What the customer wants of us.
    pub wish: Option<String>,
    pub order_id: Option<OrderId>,
    pub shipment_id: Option<ShipmentId>,
    pub sku: Option<String>,
    pub revisit_id: Option<RevisitId>,
    pub survey_id: Option<SurveyId>,
    /// The department that has it.
    pub department: Option<String>,
    /// Who sees to it: a reference of the directory; absent while nobody does.
    pub assignee: Option<String>,
    /// From department to department, the oldest first.
    pub routes: Vec<TicketRoute>,
    pub first_response_due_at: Moment,
    pub responded_at: Option<Moment>,
    /// The first answer, where one was recorded.
    pub response: Option<TicketResponse>,
    /// When it was found that nobody had answered in time.
    pub first_response_breached_at: Option<Moment>,
    /// By when the customer was promised a solution (承诺处理时间).
    pub promised_at: Moment,
    /// When three quarters of the working time up to it are gone.
    pub warn_at: Moment,
    /// When it was found that they are.
    pub warned_at: Option<Moment>,
    /// When the promise was found broken.
    pub breached_at: Option<Moment>,
    /// The working calendar that counted.
    pub calendar_id: String,
    /// Promises that were replaced, the oldest first.
    pub promises: Vec<TicketPromise>,
    pub resolution: Option<TicketResolution>,
    /// How often the customer was not satisfied.
    pub loop_count: i32,
    /// 0: whoever has it; one higher with each loop, as far as there are tiers.
    pub escalation_tier: i32,
    /// The role that has to see to it, once the customer was not satisfied.
    pub escalated_to: Option<String>,
    pub loops: Vec<TicketLoop>,
    /// What shows that the customer is satisfied.
    pub confirmation: Option<Evidence>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which tickets.
    TicketQuery {
        /// Only of this kind.
        #[param(max_length = 64)]
        kind: String,
        /// Only rows of one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
        /// Only rows of one order.
        #[param(value_type = Option<String>, format = Uuid)]
        order_id: Uuid,
        /// Only what one revisit brought up.
        #[param(value_type = Option<String>, format = Uuid)]
        revisit_id: Uuid,
        /// `me`, or a person's reference.
        #[param(max_length = 128)]
        assignee: String,
        /// Only those that this role has to see to.
        #[param(max_length = 64)]
        escalated_to: String,
        /// Only those whose promise was found broken, or not.
        breached: bool,
    }
);

/// What is promised to customers if nothing else is (SVC-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlaPolicy {
    pub kind: TicketKind,
    pub severity: TicketSeverity,
    /// Working minutes until someone answers.
    pub first_response_minutes: i32,
    /// Working days until it is solved.
    pub resolution_working_days: i32,
}

/// Who has to see to a ticket after so many loops (SVC-09).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EscalationTier {
    /// From this many loops on.
    pub tier: i32,
    /// The role that has to see to it.
    pub role: String,
}

/// The service levels in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceLevels {
    pub policies: Vec<SlaPolicy>,
    pub tiers: Vec<EscalationTier>,
}
impl crate::Shown for ServiceLevels {}
