//! `yewu verify`: what must be true of the data of the whole suite at any moment, looked up in all schemas at once. Reads only,
//! under a role of its own (ruling 12), in one snapshot, so that a suite at work gives no false alarm: what waits for a fact
//! that is still on its way is not counted. It repairs nothing and asks no service.
//!
//! A new invariant is an entry in the file of its group: what it says, which rows it looks at, which of them violate it.
mod approvals;
mod audit;
mod deals;
mod goods;
mod messages;
mod money;
mod purchasing;
mod report;
mod revisits;
mod session;

pub use report::{Checked, Report};

use futures_util::future::BoxFuture;
use platform::{Language, Settings};
use session::{Found, Session};
use std::time::Duration;

/// How long a fact may take from the outbox to the broker, and from there to each hearer's inbox, before it counts as
/// stuck or lost. A broker that is away for longer is worth an alarm.
pub const GRACE: Duration = Duration::from_mins(1);

/// Something that must hold.
#[derive(Debug, Clone, Copy)]
pub struct Invariant {
    /// Its name in reports: lower case words with hyphens, unique.
    pub id: &'static str,
    pub english: &'static str,
    pub chinese: &'static str,
    pub(crate) check: Check,
}

/// How it is looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// Over all schemas; tables are named with theirs.
    Suite(Query),
    /// In each service's schema by itself; tables are named without it.
    EachService(Query),
    /// Where SQL cannot say it.
    Code(for<'a> fn(&'a mut Session) -> BoxFuture<'a, anyhow::Result<Found>>),
}

/// Two questions in SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query {
    /// One number: how many rows are looked at.
    pub rows: &'static str,
    /// One text for each violation, naming the row as people do. It may leave out what is still on its way: the ids in
    /// `in_flight (subject)`, the documents whose facts not every hearer has settled yet.
    pub violations: &'static str,
}

/// All of them, in the order of a deal.
pub fn all() -> impl Iterator<Item = &'static Invariant> {
    [
        deals::INVARIANTS,
        money::INVARIANTS,
        goods::INVARIANTS,
        purchasing::INVARIANTS,
        revisits::INVARIANTS,
        approvals::INVARIANTS,
        messages::INVARIANTS,
        audit::INVARIANTS,
    ]
    .into_iter()
    .flatten()
}

/// Looks all of them up in one snapshot.
///
/// # Errors
/// The database cannot be read as `yewu_verify`. A violation is no error: it stands in the report.
pub async fn run(settings: &Settings, language: Language, grace: Duration) -> anyhow::Result<Report> {
    let mut session = Session::open(settings, grace).await?;
    let mut invariants = Vec::new();
    for invariant in all() {
        let found = session.check(invariant).await?;
        invariants.push(Checked::new(invariant, found, language));
    }
    session.close().await?;
    Ok(Report { invariants })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_invariant_has_a_name_of_its_own_and_says_what_it_means_in_both_languages() {
        let mut named = HashSet::new();
        for Invariant { id, english, chinese, .. } in all() {
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
            assert!(named.insert(id), "{id} stands twice");
            assert!(english.is_ascii() && !english.is_empty(), "{id}: {english}");
            assert!(!chinese.is_ascii(), "{id}: {chinese}");
        }
    }
}
