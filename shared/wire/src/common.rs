//! What every service shows of its workings: machines, words, calendars, parked messages.
use crate::{CloudEvent, Day, Label, Labelled, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A resource's life.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StateMachine {
    /// The singular word of the kind: `lead`, `quote` …
    pub resource: String,
    pub states: Vec<Labelled>,
    pub transitions: Vec<StateTransition>,
}
impl crate::Shown for StateMachine {}

/// One command.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StateTransition {
    /// The verb of `POST …/{id}/{action}`. Labels are in the list `action` of `GET …/enums`.
    pub action: String,
    /// States in which it can be done; empty: it makes the row.
    pub from: Vec<String>,
    /// States that it can lead to.
    pub to: Vec<String>,
}

/// A list of words with labels. `entity`, `action` and `fact` are those of the whole suite: what documents are called, what is done to
/// them (`{entity}.{action}` where one means something else by it), and what has happened to them.
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
    /// Words of their roles.
    pub roles: Vec<String>,
    /// Code of their department; absent where they have none.
    pub department: Option<String>,
    /// Code of their team; absent where they have none.
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
    /// Which calendar: `cn`.
    pub calendar_id: String,
    /// Four digits.
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
    /// Who is to handle it.
    pub handler: String,
    /// Id of the event that the message carries.
    #[schema(value_type = String, format = Uuid)]
    pub event_id: Uuid,
    /// The type of the event: `quoting.quote.accepted.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `parked`; `waiting` once it is to be tried again, `discarded` once it is given up.
    pub status: String,
    /// How often it was tried.
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
