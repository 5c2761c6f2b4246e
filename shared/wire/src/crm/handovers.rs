//! Handovers: whoever leaves, for a while or for good, passes their work on (CRM-51). All six services hear of them.
use crate::{
    Action, Label, Moment, Reference,
    event::event,
    handover::{HandoverId, HandoverScope},
    page::page_query,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// The life of a handover (CRM-51).
    HandoverStatus {
        Planned => "planned" "已计划" "Planned",
        Active => "active" "移交中" "Active",
        Reverted => "reverted" "已归还" "Reverted",
        Permanent => "permanent" "永久移交" "Permanent",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(Handover);

/// A handover as it is planned.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"from": "wang", "to": "li", "scopes": ["leads", "opportunities", "orders"], "starts_at": "2026-03-02T01:00:00Z",
    "ends_at": "2026-03-13T10:00:00Z", "reason": "年假"})))]
pub struct NewHandover {
    /// Who leaves: a reference of the directory.
    pub from: Reference,
    /// Who has their work meanwhile.
    pub to: Reference,
    #[schema(min_items = 1, max_items = 9)]
    pub scopes: Vec<HandoverScope>,
    pub starts_at: Moment,
    /// When it goes back by itself; absent: when somebody says so, or never.
    #[serde(default)]
    pub ends_at: Option<Moment>,
    pub reason: Label,
}

/// A handover as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Handover {
    pub id: HandoverId,
    pub number: String,
    pub status: HandoverStatus,
    /// Who leaves: a reference of the directory.
    pub from: String,
    /// Who has their work meanwhile.
    pub to: String,
    pub scopes: Vec<HandoverScope>,
    pub starts_at: Moment,
    pub ends_at: Option<Moment>,
    pub reason: String,
    pub created_by: String,
    pub created_at: Moment,
    pub activated_at: Option<Moment>,
    /// When it was given back, made permanent or cancelled.
    pub ended_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Which handovers.
    HandoverQuery {
        /// Only of this person's work.
        #[param(max_length = 128)]
        from: String,
        /// Only to this person.
        #[param(max_length = 128)]
        to: String,
    }
);

/// A person, and where they belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandoverPerson {
    /// As the directory names them.
    pub reference: String,
    /// Code of their team.
    pub team: Option<String>,
    /// Code of their department.
    pub department: Option<String>,
}

/// From now on someone's open work is someone else's (CRM-51): each service passes on what it has.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandoverActivated {
    pub handover_id: HandoverId,
    pub number: String,
    /// Who leaves.
    pub from: String,
    pub to: HandoverPerson,
    pub scopes: Vec<HandoverScope>,
}
event!(HandoverActivated = "crm.handover.activated.v1");

/// They are back (CRM-51): each service gives back what it passed on and the deputy still has.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandoverReverted {
    pub handover_id: HandoverId,
    pub number: String,
    /// Who is back: a reference of the directory.
    pub from: String,
    /// Who had their work meanwhile.
    pub to: String,
}
event!(HandoverReverted = "crm.handover.reverted.v1");
