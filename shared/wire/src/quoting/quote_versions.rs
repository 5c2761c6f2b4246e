//! The revisions of a quote and what changed between two of them (QUO-10).
use super::{QuoteId, QuoteStatus};
use crate::{Day, Moment, line::Totals, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// What became of a line.
    LineChangeKind {
        Added => "added" "新增" "Added",
        Removed => "removed" "删除" "Removed",
        Changed => "changed" "变更" "Changed",
    }
);

/// A revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteVersion {
    pub quote_id: QuoteId,
    pub number: String,
    /// 1, 2, 3 …
    pub revision: i32,
    pub status: QuoteStatus,
    /// How many lines it has.
    pub line_count: usize,
    pub totals: Totals,
    pub valid_until: Day,
    /// Why it was returned, rejected or withdrawn.
    pub reason: Option<String>,
    pub created_at: Moment,
    pub issued_at: Option<Moment>,
    pub decided_at: Option<Moment>,
}

/// One field, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    /// A JSON pointer into the quote, or the name of a line's field.
    pub field: String,
    /// Absent where there was nothing.
    pub before: Option<String>,
    /// Absent where there is nothing any more.
    pub after: Option<String>,
}

/// One line: the n-th line of an sku is the same as the n-th of it in the other revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineChange {
    pub change: LineChangeKind,
    pub sku: String,
    /// Its place in the one and in the other.
    pub before_line: Option<i32>,
    /// Its place in the other; absent where it is not there.
    pub after_line: Option<i32>,
    pub fields: Vec<FieldChange>,
}

/// What changed from one revision to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteDiff {
    pub number: String,
    pub from: QuoteVersion,
    pub to: QuoteVersion,
    /// Validity, delivery, what it rests on, the note.
    pub fields: Vec<FieldChange>,
    /// Payment terms, by their place.
    pub terms: Vec<FieldChange>,
    pub totals: Vec<FieldChange>,
    pub lines: Vec<LineChange>,
}
impl crate::Shown for QuoteDiff {}
