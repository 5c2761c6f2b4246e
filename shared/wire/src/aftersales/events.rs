//! What aftersales tells others.
use crate::{
    Moment,
    crm::AccountId,
    event::event,
    id::id,
    orders::{OrderId, ShipmentId},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A call after a delivery.
    RevisitId,
    /// A customer's answers.
    SurveyId,
    /// Five questions.
    SurveyTemplateId,
);

/// A call is due (SVC-12).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RevisitScheduled {
    pub revisit_id: RevisitId,
    pub number: String,
    pub order_id: OrderId,
    pub shipment_id: ShipmentId,
    pub account_id: AccountId,
    pub due_at: Moment,
    pub calendar_id: String,
}
event!(RevisitScheduled = "aftersales.revisit.scheduled.v1");

/// Nobody has reached the customer in time (SVC-12).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RevisitOverdue {
    pub revisit_id: RevisitId,
    pub number: String,
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub due_at: Moment,
    /// Who should have called.
    pub assignee: Option<String>,
}
event!(RevisitOverdue = "aftersales.revisit.overdue.v1");

/// Three calls reached nobody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RevisitUnreachable {
    pub revisit_id: RevisitId,
    pub number: String,
    pub order_id: OrderId,
    pub account_id: AccountId,
    /// Calls that reached nobody.
    pub tries: i32,
}
event!(RevisitUnreachable = "aftersales.revisit.unreachable.v1");

/// Five answers from 1 to 5 (SVC-13).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SurveyAnswered {
    pub survey_id: SurveyId,
    pub number: String,
    pub revisit_id: RevisitId,
    pub order_id: OrderId,
    pub account_id: AccountId,
    /// In the order of the questions, 1 to 5 each.
    pub scores: Vec<i16>,
    /// Mean of the scores, 1 to 5, two decimals.
    #[schema(value_type = String)]
    pub mean: Decimal,
}
event!(SurveyAnswered = "aftersales.survey.answered.v1");

/// The revisit is over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RevisitClosed {
    pub revisit_id: RevisitId,
    pub number: String,
    pub order_id: OrderId,
    pub account_id: AccountId,
    /// The survey was answered, and no score was 2 or less or the customer confirmed later that their ticket is solved.
    pub satisfied: bool,
}
event!(RevisitClosed = "aftersales.revisit.closed.v1");
