//! What every service shows of its workings: machines, words, calendars, parked messages.
use crate::{CloudEvent, Day, Label, Labelled, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A resource's life.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StateMachine {
    pub resource: String,
    pub states: Vec<Labelled>,
    pub transitions: Vec<StateTransition>,
}
impl crate::Shown for StateMachine {}

/// One command.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StateTransition {
    pub action: String,
    pub from: Vec<String>,
    pub to: Vec<String>,
}

/// A list of words with labels.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WordList {
    pub name: String,
    pub words: Vec<Labelled>,
}

/// Who asks, as the token says, and what they may here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// As `owner`, `to` and `reviewers` name people.
    pub user: String,
    pub roles: Vec<String>,
    pub department: Option<String>,
    pub team: Option<String>,
    /// Of this service only, in alphabetical order.
    pub permissions: Vec<Permitted>,
}
impl crate::Shown for Me {}

/// What one may do, and to which rows.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Permitted {
    /// As `x-permission` of the operations says.
    #[schema(examples("crm.lead.create"))]
    pub permission: String,
    /// `own`, `team`, `department` or `all`.
    #[schema(examples("team"))]
    pub scope: String,
}

/// A calendar's year: only the days that contradict the Monday-to-Friday week.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CalendarYear {
    pub calendar_id: String,
    pub year: i16,
    /// Has the State Council published this year's dates (as of this version)?
    pub published: bool,
    pub days_off: Vec<Day>,
    pub make_up_workdays: Vec<Day>,
}
impl crate::Shown for CalendarYear {}

/// A message that waits for a person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ParkedMessage {
    pub handler: String,
    #[schema(value_type = String, format = Uuid)]
    pub event_id: Uuid,
    #[serde(rename = "type")]
    pub kind: String,
    pub status: String,
    pub attempts: i32,
    /// Why it was parked.
    pub error: Option<String>,
    pub arrived_at: Moment,
    pub event: Option<CloudEvent>,
}
impl crate::Shown for ParkedMessage {}

/// Giving a message up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Discard {
    pub reason: Label,
}
