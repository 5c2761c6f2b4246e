//! Handovers of work (CRM-51), the same in every service: when someone leaves for a while or for good, their open documents pass
//! to a deputy, some at a time, each with its line in the audit log; at the end of the window those that the deputy still has
//! go back. A service says only what can pass on, a line a kind in its `handovers`. Refuses to decide who, when and what: that
//! is crm's, which tells it.
mod http;
mod store;

pub(crate) use http::routes;

use crate::{ApiError, Change, Conn, Result, Stamp, Store, Subscriptions, Tx};
use diesel::QueryResult;
use futures_util::future::BoxFuture;
use std::future::{Future, ready};
use store::{Move, Task};
use uuid::Uuid;
use wire::{
    Moment, Ownership,
    crm::{HandoverActivated, HandoverReverted},
    handover::{HandoverOutcome as Outcome, HandoverScope},
};

/// Documents that a run of the job takes at most.
const BATCH: usize = 100;

/// A kind whose documents pass on. Implemented by [`handed!`](crate::handed).
pub trait Handed: Store {
    /// The states in which nobody works on it any more.
    const CLOSED: &'static [&'static str];
    /// The same document of another owner, one version on.
    #[must_use]
    fn given_to(self, to: Ownership, by: &Stamp) -> Self;
    /// Documents of `owner` that are not closed at an instant, with ids after `after`, in their order.
    fn open_of(
        conn: &mut Conn,
        owner: &str,
        after: Uuid,
        limit: i64,
        at: Moment,
    ) -> impl Future<Output = QueryResult<Vec<Uuid>>> + Send;
    /// What else follows in the same transaction where it passed on, for whoever keeps a history.
    fn handed(_: &mut Tx, _: &Self, _before: Ownership, _why: &str) -> impl Future<Output = Result<()>> + Send {
        ready(Ok(()))
    }
}

/// Implements [`Handed`](crate::handover::Handed) over one table: `handed!(Quote, quotes; row: head, closed: ["accepted"])`.
/// `row` as in [`entity!`](crate::entity); `closed` are the states in which nobody works on it any more; `anew` changes what begins
/// anew with another owner, whoever gave it; `then` is called for each that has passed on, by a handover or along with an opportunity.
#[macro_export]
macro_rules! handed {
    ($entity:ident, $table:ident; row: $row:tt, closed: [$($closed:literal),* $(,)?] $(, anew: $anew:path)? $(, then: $then:path)?) => {
        impl $crate::handover::Handed for $entity {
            const CLOSED: &'static [&'static str] = &[$($closed),*];
            fn given_to(mut self, to: wire::Ownership, by: &$crate::Stamp) -> Self {
                let row = &mut $crate::entity!(@row self $row);
                (row.owner_id, row.team_id, row.department_id) = (to.owner_id, to.team_id, to.department_id);
                row.version += 1;
                $crate::handed!(@anew self by $($anew)?);
                self
            }
            async fn open_of(
                conn: &mut $crate::Conn,
                owner: &str,
                after: uuid::Uuid,
                limit: i64,
                _: wire::Moment,
            ) -> diesel::QueryResult<Vec<uuid::Uuid>> {
                use diesel::{ExpressionMethods, QueryDsl};
                let closed = <Self as $crate::handover::Handed>::CLOSED;
                let theirs = $table::table.filter($table::owner_id.eq(owner)).filter($table::status.ne_all(closed));
                let next = theirs.filter($table::id.gt(after)).order($table::id).limit(limit).select($table::id);
                diesel_async::RunQueryDsl::load(next, conn).await
            }
            $(async fn handed(
                tx: &mut $crate::Tx,
                row: &Self,
                before: wire::Ownership,
                why: &str,
            ) -> $crate::Result<()> {
                $then(tx, row, before, why).await
            })?
        }
    };
    (@anew $self:ident $by:ident) => { let _ = $by; };
    (@anew $self:ident $by:ident $anew:path) => { $anew(&mut $self, $by); };
}

/// What happens to one document of a kind.
enum Step<'a> {
    /// To the deputy, if it is still the leaver's.
    Take(&'a Task),
    /// Back, if it is still the deputy's.
    Return(&'a Task, &'a Move),
}
type OpenOf = Box<dyn for<'a> Fn(&'a mut Tx, &'a str, Uuid, i64) -> BoxFuture<'a, Result<Vec<Uuid>>> + Send + Sync>;
type Hand = Box<dyn for<'a> Fn(&'a mut Tx, Uuid, Step<'a>) -> BoxFuture<'a, Result<Option<Ownership>>> + Send + Sync>;

struct Part {
    scope: HandoverScope,
    kind: &'static str,
    open_of: OpenOf,
    hand: Hand,
}

/// What of a service passes on.
#[derive(Default)]
pub struct Handovers(Vec<Part>);

impl Handovers {
    /// Documents of this kind, where the handover's scope names `scope`.
    pub fn of<T: Handed>(&mut self, scope: HandoverScope) -> &mut Self {
        let open_of: OpenOf = Box::new(|tx, owner, after, limit| {
            Box::pin(async move {
                let at = tx.stamp().at;
                Ok(T::open_of(tx.conn(), owner, after, limit, at).await?)
            })
        });
        let hand: Hand = Box::new(|tx, id, step| Box::pin(hand::<T>(tx, id, step)));
        self.0.push(Part { scope, kind: T::KIND, open_of, hand });
        self
    }
    fn part(&self, kind: &str) -> Option<&Part> {
        self.0.iter().find(|part| part.kind == kind)
    }

    /// A step of one unfinished handover; the job runs again while there is something to do.
    pub(crate) async fn go_on(&self, tx: &mut Tx, now: Moment) -> Result<()> {
        let Some(task) = store::unfinished(tx.conn()).await? else { return Ok(()) };
        tx.again();
        if task.status == "moving" { self.take(tx, task, now).await } else { self.give_back(tx, task, now).await }
    }

    /// Moves the next documents of the kind at which the handover stands.
    async fn take(&self, tx: &mut Tx, mut task: Task, now: Moment) -> Result<()> {
        let kind = task.cursor_kind.clone();
        let mut parts = self.0.iter().filter(|part| task.scopes.iter().any(|scope| scope == part.scope.as_str()));
        let part = match &kind {
            Some(kind) => parts.find(|part| part.kind == kind),
            None => parts.next(),
        };
        let following = parts.next().map(|part| part.kind.to_owned());
        let Some(part) = part else { return store::settle(tx.conn(), &task, "moved").await };
        let after = task.cursor_id.unwrap_or_default();
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let ids = (part.open_of)(tx, &task.from_user, after, limit).await?;
        for id in &ids {
            // One that cannot be moved must not hold up the others.
            let one = tx.part().await?;
            let given = match (part.hand)(tx, *id, Step::Take(&task)).await {
                Ok(before) => {
                    tx.keep(one).await?;
                    before.map(|before| (before, Outcome::Moved))
                }
                Err(error) if passes(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(kind = part.kind, %id, handover = task.number, error = format!("{error:?}"), "not handed over");
                    tx.undo(one).await?;
                    Some((Ownership::default(), Outcome::Refused))
                }
            };
            if let Some((before, outcome)) = given {
                let moved = Move::of(tx.id(), &task, (part.kind, *id), before, outcome, now);
                store::remember(tx.conn(), &moved).await?;
            }
        }
        if ids.len() == BATCH {
            (task.cursor_kind, task.cursor_id) = (Some(part.kind.to_owned()), ids.last().copied());
        } else if following.is_some() {
            (task.cursor_kind, task.cursor_id) = (following, None);
        } else {
            return store::settle(tx.conn(), &task, "moved").await;
        }
        store::advance(tx.conn(), &task).await
    }

    /// Gives the next documents back.
    async fn give_back(&self, tx: &mut Tx, task: Task, now: Moment) -> Result<()> {
        let moves = store::out(tx.conn(), task.id, BATCH).await?;
        if moves.is_empty() {
            return store::settle(tx.conn(), &task, "returned").await;
        }
        for moved in moves {
            let one = tx.part().await?;
            let given = match self.part(&moved.entity) {
                Some(part) => (part.hand)(tx, moved.entity_id, Step::Return(&task, &moved)).await,
                None => Ok(None),
            };
            let outcome = match given {
                Ok(given) => {
                    tx.keep(one).await?;
                    if given.is_some() { Outcome::Returned } else { Outcome::Stayed }
                }
                Err(error) if passes(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(kind = moved.entity, id = %moved.entity_id, handover = task.number, error = format!("{error:?}"), "not given back");
                    tx.undo(one).await?;
                    Outcome::Stayed
                }
            };
            store::returned(tx.conn(), moved.id, outcome, now).await?;
        }
        Ok(())
    }
}

/// Somebody else is at it just now: the whole step is taken again at the next run, and nothing counts as refused.
fn passes(error: &ApiError) -> bool {
    matches!(error, ApiError::Busy { .. } | ApiError::Stale { .. })
}

/// Whose it was, if it passed on; not if someone else has it by now.
async fn hand<T: Handed>(tx: &mut Tx, id: Uuid, step: Step<'_>) -> Result<Option<Ownership>> {
    let Some(row) = tx.try_load::<T>(id.into()).await? else { return Ok(None) };
    let before = row.ownership().unwrap_or_default();
    let (expected, to, action, task) = match step {
        Step::Take(task) => (&task.from_user, task.deputy(), "hand_over", task),
        Step::Return(task, moved) => (&task.to_user, moved.owner(task), "give_back", task),
    };
    if before.owner_id.as_ref() != Some(expected) {
        return Ok(None);
    }
    let row = give(tx, row, to, action, &task.number).await?;
    T::handed(tx, &row, before.clone(), &task.number).await?;
    Ok(Some(before))
}

/// Gives a document another owner, with the files and open approvals that are seen as it is seen. `action` is the verb of the
/// audit log.
pub async fn give<T: Handed>(tx: &mut Tx, row: T, to: Ownership, action: &'static str, why: &str) -> Result<T> {
    let row = row.given_to(to.clone(), &tx.stamp());
    let row = tx.save(Change::new(action, row).because(why)).await?;
    store::follow(tx.conn(), row.id().into(), &to).await?;
    Ok(row)
}

/// What every service hears of handovers.
pub(crate) fn consumers(on: &mut Subscriptions) {
    on.on::<HandoverActivated>("take-work-over", begin);
    on.on::<HandoverReverted>("give-work-back", revert);
}

async fn begin(tx: &mut Tx, event: HandoverActivated) -> Result<()> {
    Ok(store::begin(tx.conn(), &Task::of(event)).await?)
}

/// Also where it has not moved everything yet: what it has moved goes back.
async fn revert(tx: &mut Tx, event: HandoverReverted) -> Result<()> {
    Ok(store::revert(tx.conn(), event.handover_id).await?)
}
