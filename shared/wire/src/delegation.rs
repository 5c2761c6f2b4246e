//! Delegations: who decides in an absent person's stead, and when (PLT-29).
use crate::{Action, Code, Day, Moment, Note, Reference, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A delegation.
    DelegationId
);
words!(
    /// How far a delegation is.
    DelegationStatus {
        Scheduled => "scheduled" "待生效" "Scheduled",
        Active => "active" "生效中" "Active",
        Ended => "ended" "已结束" "Ended",
        Revoked => "revoked" "已撤销" "Revoked",
    }
);
resource!(Delegation);

/// Someone's seats in approvals of this service, lent for some days.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Delegation {
    pub id: DelegationId,
    /// Who is absent.
    pub from: String,
    /// Who decides meanwhile.
    pub to: String,
    /// Days in Asia/Shanghai, both included.
    pub first_day: Day,
    pub last_day: Day,
    /// Empty: of all policies.
    pub policy_keys: Vec<String>,
    pub reason: String,
    pub status: DelegationStatus,
    pub created_by: String,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Lends one's seats.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"to": "sales_manager-2", "first_day": "2099-12-30", "last_day": "2099-12-31", "reason": "annual leave"})))]
pub struct NewDelegation {
    /// Who is absent; the caller if not said.
    #[serde(default)]
    pub from: Option<Reference>,
    /// Who decides meanwhile: a reference of the directory.
    pub to: Reference,
    /// Day in Asia/Shanghai, not past.
    pub first_day: Day,
    /// The last day, at most 366 days later.
    pub last_day: Day,
    /// Only of these policies; of all if none is named.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub policy_keys: Vec<Code>,
    pub reason: Note,
}

/// Filters of the list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DelegationQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
}

/// Takes one's seats back before the time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeDelegation {
    pub reason: Note,
}
