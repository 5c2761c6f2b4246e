//! What was written, in order, for programs that keep a copy of their own. Says that a thing changed and how it stands; what
//! it is now is read at its own place, by whoever may read it.
use crate::Moment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// One version of one thing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangeEntry {
    /// Ascending; numbers may be left out.
    pub seq: i64,
    pub at: Moment,
    /// `order`, `quote`, `account` …, as in the audit log.
    pub entity: String,
    #[schema(value_type = String, format = Uuid)]
    pub entity_id: Uuid,
    /// What its `ETag` said then.
    pub version: i32,
    /// `create`, or the verb of what was done.
    pub action: String,
    /// Nothing is ever deleted: what has ended keeps its row, and its last entry says how.
    pub status: String,
    /// The deal that it belongs to; absent where it belongs to none.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
}

/// Oldest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangePage {
    pub items: Vec<ChangeEntry>,
    /// `after` of the next request, on an empty page too.
    pub next: i64,
}
impl crate::Shown for ChangePage {}

/// From where on, and how patiently.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChangeQuery {
    /// The `next` of the page before; 0: everything that ever was. Not said: an empty page, whose `next` is now.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub after: Option<i64>,
    /// Entries a page, 1 to 1,000; 200 if not said.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u16>,
    /// How many seconds to wait where there is nothing yet, up to 30; not at all if not said.
    #[param(minimum = 0, maximum = 30)]
    pub wait_seconds: Option<u8>,
}
