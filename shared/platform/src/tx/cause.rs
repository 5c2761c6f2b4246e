//! Where a transaction comes from: who, in which trace, because of which fact. Refuses to be looked up: it is handed in.
use crate::Stamp;
use wire::{CaseId, EventId};

/// Why this transaction runs: goes into every fact and audit line that it writes.
#[derive(Debug, Clone)]
pub struct Cause {
    pub service: &'static str,
    pub stamp: Stamp,
    /// W3C trace id, 32 hex digits.
    pub trace_id: String,
    pub traceparent: String,
    /// The event that is being handled.
    pub event: Option<EventId>,
    /// The case of that event.
    pub case: Option<CaseId>,
}
