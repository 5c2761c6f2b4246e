//! Upserts by another system's id: what both masters share. Holds no rule of either.
use platform::{Cx, Result, external};
use uuid::Uuid;
use wire::{Code, ExternalRef, Reference};

/// References a row holds at most.
pub const MOST_REFS: usize = 20;

/// The reference that a URL names, and the row it stands for, if any. Asked before the transaction because the answer
/// is the status (201 or 200); who loses the race to create it is refused by the row's own uniqueness, and asks again.
pub async fn named(cx: &Cx, kind: &str, path: (Code, Reference)) -> Result<(ExternalRef, Option<Uuid>)> {
    let reference = ExternalRef { system: path.0, id: path.1 };
    let mut conn = cx.app().readers.get().await?;
    let known = external::find(&mut conn, kind, reference.system.as_str(), reference.id.as_str()).await?;
    Ok((reference, known))
}

/// Both lists, each reference once.
pub fn united(mut refs: Vec<ExternalRef>, more: Vec<ExternalRef>) -> Vec<ExternalRef> {
    for reference in more {
        if !refs.contains(&reference) {
            refs.push(reference);
        }
    }
    refs
}
