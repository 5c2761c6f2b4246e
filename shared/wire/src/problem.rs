//! What went wrong, as RFC 9457 `application/problem+json`.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of every answer that is not 2xx or 304. `code` is stable and documented; `title` and `detail` follow
/// `Accept-Language` (`zh-CN` or `en`).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URN naming the code: `urn:yewu:problem:quote.empty`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status once more.
    pub status: u16,
    /// What went wrong and how to mend it, in the caller's language.
    pub detail: String,
    /// What went wrong; stable, listed in `shared/docs/CODES.md`.
    #[schema(examples("quote.empty"))]
    pub code: String,
    /// Quote it when asking for help: the same id is in the logs and traces.
    pub trace_id: String,
    /// The fields to mend, where the body was wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The gates that stand in the way, where an action was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<Gate>,
}

/// One field to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// RFC 6901 pointer into the request body, or the parameter's name.
    #[schema(examples("/lines/0/quantity"))]
    pub pointer: String,
    /// Stable; what is wrong with the field.
    pub code: String,
    /// How to mend it, in the caller's language.
    pub message: String,
}

/// A condition that keeps an action from happening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gate {
    /// Stable code of the condition, e.g. `contract_required`.
    pub gate: String,
    /// What it hangs on: a document's id, a role, a permission.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What to do about it, in the reader's language.
    pub how_to_clear: String,
}
