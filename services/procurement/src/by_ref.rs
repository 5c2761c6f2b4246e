//! Upserts by another system's id: what both masters share. Holds no rule of either.
use wire::ExternalRef;

/// References a row holds at most.
pub const MOST_REFS: usize = 20;

/// Both lists, each reference once.
pub fn united(mut refs: Vec<ExternalRef>, more: Vec<ExternalRef>) -> Vec<ExternalRef> {
    for reference in more {
        if !refs.contains(&reference) {
            refs.push(reference);
        }
    }
    refs
}
