//! The audit log as it is read (PLT-24).
use crate::Moment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Who did what to which thing, when, why, and what it changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Ascending in the order of writing.
    pub seq: i64,
    pub at: Moment,
    /// Who did it: `user:ann`, `customer:…`; `event:…` or `job:…` where the system did.
    pub actor: String,
    /// `create`, or the verb of what was done.
    pub action: String,
    /// `order`, `quote`, `account` …
    pub entity: String,
    #[schema(value_type = String, format = Uuid)]
    pub entity_id: Uuid,
    /// The row's version after it.
    pub version: i32,
    /// The row's state after it.
    pub status: String,
    /// `{"field": [before, after]}`; of a new row, all of it.
    pub changes: serde_json::Value,
    /// Why, where whoever did it had to say so.
    pub reason: Option<String>,
    /// The deal that it belongs to; absent where it belongs to none.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
    /// The event it followed from.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub cause_id: Option<Uuid>,
    /// The request or message that did it, as it is in logs and traces.
    pub trace_id: String,
}

/// Newest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AuditPage {
    pub items: Vec<AuditEntry>,
    /// `before` of the next page.
    pub next: Option<i64>,
}
impl crate::Shown for AuditPage {}

/// Filters.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub before: Option<i64>,
    /// Only of one thing.
    #[param(value_type = Option<String>, format = Uuid)]
    pub entity_id: Option<Uuid>,
    /// Only of one deal.
    #[param(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
}
