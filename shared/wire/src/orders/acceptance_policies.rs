//! What happens when the customer says nothing (D-13): bodies, words and facts of the silence (ORD-36).
use crate::{
    Label, Moment, event::event, id::id, orders::AcceptanceId, orders::OrderId, resource::listed, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// One version of what silence means.
    AcceptancePolicyId
);
words!(
    /// What silence leads to when the time is over (D-13). Nothing is accepted silently but where a policy says so.
    OnSilence {
        Remind => "remind" "提醒，逾期再升级" "Remind, then escalate",
        Escalate => "escalate" "立即升级" "Escalate at once",
        DeemedAccepted => "deemed_accepted" "视为验收" "Deemed accepted",
    }
);
words!(
    /// A version is published once and never changed; the newest counts for new invitations.
    AcceptancePolicyStatus {
        Published => "published" "已发布" "Published",
    }
);
words!(
    /// A step towards an answer.
    AcceptanceStepKind {
        Remind => "remind" "提醒" "Reminder",
        Overdue => "overdue" "逾期" "Overdue",
        Escalate => "escalate" "升级" "Escalation",
    }
);
listed!(AcceptancePolicy);

/// What silence means from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"on_silence": "remind", "remind_working_days_before": [3, 0], "escalate_after_working_days": 3, "reason": "D-13"})))]
pub struct PublishAcceptancePolicy {
    pub on_silence: OnSilence,
    /// Reminders at the opening of the working day so many working days before the last; 0 is the last day itself.
    #[schema(schema_with = days_before)]
    pub remind_working_days_before: Vec<u32>,
    /// With `remind`: escalated so many working days after the last.
    #[schema(minimum = 1, maximum = 60)]
    pub escalate_after_working_days: u32,
    pub reason: Label,
}

/// 0 to 6, each once: what the derive has no words for.
fn days_before() -> utoipa::openapi::Array {
    use utoipa::openapi::{ArrayBuilder, ObjectBuilder, schema::Type};
    let day = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(6));
    ArrayBuilder::new()
        .items(day)
        .max_items(Some(7))
        .unique_items(true)
        .description(Some("With `remind`: how many working days before the last one; 0 is the last day itself."))
        .build()
}

/// A version of the policy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptancePolicy {
    pub id: AcceptancePolicyId,
    pub number: String,
    /// The highest counts.
    pub revision: i32,
    pub status: AcceptancePolicyStatus,
    pub on_silence: OnSilence,
    /// With `remind`: how many working days before the last one; 0 is the last day itself.
    pub remind_working_days_before: Vec<u32>,
    /// With `remind`: working days after the last one until somebody has to talk to the customer.
    pub escalate_after_working_days: u32,
    pub reason: String,
    pub published_by: String,
    pub published_at: Moment,
    pub version: i32,
}

/// Something that is done while the customer is silent; not done any more once they have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceStep {
    pub kind: AcceptanceStepKind,
    pub due_at: Moment,
    /// Absent while it has not been done.
    pub done_at: Option<Moment>,
}

/// What the facts of a silence share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceSnapshot {
    pub acceptance_id: AcceptanceId,
    /// The acceptance's own.
    pub number: String,
    pub order_id: OrderId,
    pub order_number: String,
    /// Until when the customer had to answer.
    pub due_at: Moment,
}

/// The customer is to be reminded (ORD-36).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceReminded {
    #[serde(flatten)]
    pub acceptance: AcceptanceSnapshot,
}
event!(AcceptanceReminded = "orders.acceptance.reminded.v1");

/// The customer did not answer in time (ORD-36).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceOverdue {
    /// What the policy does about it.
    pub on_silence: OnSilence,
    #[serde(flatten)]
    pub acceptance: AcceptanceSnapshot,
}
event!(AcceptanceOverdue = "orders.acceptance.overdue.v1");

/// Somebody has to talk to the customer (D-13).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceEscalated {
    #[serde(flatten)]
    pub acceptance: AcceptanceSnapshot,
}
event!(AcceptanceEscalated = "orders.acceptance.escalated.v1");
