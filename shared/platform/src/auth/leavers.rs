//! Who has left: a person whom the directory has deactivated is refused although their token has not expired yet, within
//! half a minute after the service has heard of it. Knows nobody else: a caller who is not in the directory is the
//! issuer's business.
use crate::{Pool, replica};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};
use wire::crm::UserSnapshot;

/// They are looked up no more often than this.
const INTERVAL: SignedDuration = SignedDuration::from_secs(30);

/// The references of those who have left, as of the last look.
#[derive(Default)]
pub(crate) struct Leavers(RwLock<Held>);

#[derive(Default)]
struct Held {
    references: HashSet<String>,
    looked_at: Option<Timestamp>,
}

impl Leavers {
    /// One caller looks again when it is time; the others go on with what is known, and so does everybody while the
    /// database does not answer.
    pub(crate) async fn include(&self, user: &str, readers: &Pool, now: Timestamp) -> bool {
        if self.claim(now) {
            match look(readers).await {
                Ok(references) => self.0.write().unwrap_or_else(PoisonError::into_inner).references = references,
                Err(error) => tracing::warn!(error = format!("{error:#}"), "cannot look up who has left"),
            }
        }
        self.0.read().unwrap_or_else(PoisonError::into_inner).references.contains(user)
    }

    /// Is it time, and nobody else at it?
    fn claim(&self, now: Timestamp) -> bool {
        // The absolute value: a clock that was set back must not stop the looking.
        let due = |held: &Held| held.looked_at.is_none_or(|at| now.duration_since(at).abs() >= INTERVAL);
        if !due(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return false;
        }
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let claimed = due(&held);
        if claimed {
            held.looked_at = Some(now);
        }
        claimed
    }
}

async fn look(readers: &Pool) -> anyhow::Result<HashSet<String>> {
    let mut conn = readers.get().await?;
    let gone = replica::all_with::<UserSnapshot>(&mut conn, json!({"active": false})).await?;
    Ok(gone.into_iter().map(|person| person.reference).collect())
}
