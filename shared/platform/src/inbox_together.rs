//! Messages that are there together, in one transaction: locks, inbox rows, what they leave and COMMIT are paid for once. What the
//! shards bring while one is under way is taken by the next: the more there is to do, the cheaper each becomes.
//! It is a shorter way to what handling one after the other does, never another result: whatever is not plain (one that waits,
//! one before it that does, a failure, a message that has seen a process die) is left to that, and nothing has happened.
use crate::{
    ApiError, Result, Tx,
    app::App,
    bus::{Arrival, Receiver, Settled},
    inbox::{PATIENCE, Subscription},
    inbox_store::{self as store, Place, Row},
    teeth::{crash, planted},
    tx::Access,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::oneshot::{self, error::TryRecvError},
    time::Instant,
};
use tracing::Instrument;
use wire::CloudEvent;

/// Others may want the rows that it holds.
const LONG: Duration = Duration::from_millis(400);

/// Messages in one transaction at most. (Not less than what one shard brings.)
const MOST: usize = 32;
/// A single message that takes longer keeps the other shards waiting no more.
const SHARE: Duration = Duration::from_millis(50);

/// Where the shards of a service meet.
#[derive(Default)]
pub(crate) struct Gathering {
    /// Whoever has it handles what was brought until then.
    turn: tokio::sync::Mutex<()>,
    brought: Mutex<Vec<Brought>>,
}
/// What one shard brought, and who wants to know the word for each of them; nothing where they are better handled one by one.
struct Brought {
    arrivals: Vec<Arrival>,
    done: oneshot::Sender<Option<Settled>>,
}

impl Gathering {
    fn brought(&self) -> MutexGuard<'_, Vec<Brought>> {
        self.brought.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// What waits and somebody still wants to know of, as far as it goes into one transaction.
    fn take(&self) -> Vec<Brought> {
        let mut brought = self.brought();
        brought.retain(|one| !one.done.is_closed());
        let mut messages = 0;
        let fits = brought.iter().take_while(|one| {
            messages += one.arrivals.len();
            messages <= MOST
        });
        let fits = fits.count().max(1).min(brought.len());
        brought.drain(..fits).collect()
    }
}

/// One message for one of its handlers.
type Pair<'a> = (&'a Subscription, &'a CloudEvent);

impl App {
    /// With whatever the other shards have brought: the word for each of these, or nothing where they are better handled one by
    /// one. Whoever is dropped on the way, as the connection ends, leaves the others to their own ways; what it has brought
    /// itself may still have its effect, and the inbox knows it when it comes again.
    pub(crate) async fn gathered(self: &Arc<Self>, arrivals: &[Arrival]) -> Option<Settled> {
        let (done, mut is_done) = oneshot::channel();
        self.gathering.brought().push(Brought { arrivals: arrivals.to_vec(), done });
        loop {
            let turn = self.gathering.turn.lock().await;
            match is_done.try_recv() {
                Err(TryRecvError::Empty) => self.take_turn(turn).await,
                word => return word.unwrap_or(None),
            }
        }
    }

    /// Handles what was brought until now.
    async fn take_turn(self: &Arc<Self>, turn: tokio::sync::MutexGuard<'_, ()>) {
        let brought = self.gathering.take();
        let all: Vec<&Arrival> = brought.iter().flat_map(|one| &one.arrivals).collect();
        debug_assert!(!all.is_empty(), "who has the turn and no answer finds its own");
        // A single one is that of whoever has the turn: a part of what waits is never so small.
        let done = if let [only] = all[..] {
            let mut alone = self.receive(only.clone());
            let in_time = tokio::time::timeout(SHARE, &mut alone).await;
            let word = if let Ok(word) = in_time {
                word
            } else {
                drop(turn);
                alone.await
            };
            Some(word)
        } else {
            self.together(&all).await.then_some(Settled::Kept)
        };
        for one in brought {
            let _ = one.done.send(done);
        }
    }

    /// Did all of them have their effect?
    async fn together(self: &Arc<Self>, arrivals: &[&Arrival]) -> bool {
        if planted("B10") || arrivals.iter().any(|arrival| arrival.deaths > 0) {
            return false;
        }
        let Some(events) = arrivals.iter().map(|arrival| self.read(arrival).ok()).collect::<Option<Vec<_>>>() else {
            return false;
        };
        let pairs: Vec<Pair> = events
            .iter()
            .flat_map(|event| self.subscriptions.0.iter().filter(|s| s.kind == event.kind).map(move |s| (s, event)))
            .collect();
        match tokio::time::timeout(PATIENCE, self.handle_all(&pairs)).await {
            Ok(Ok(())) => {
                crash("kept");
                return true;
            }
            Ok(Err(error)) => tracing::debug!(
                service = self.name,
                messages = arrivals.len(),
                error = format!("{error:?}"),
                "not together"
            ),
            Err(_) => tracing::warn!(service = self.name, messages = arrivals.len(), "together they took too long"),
        }
        false
    }

    async fn handle_all(self: &Arc<Self>, pairs: &[Pair<'_>]) -> Result<()> {
        let Some((first, event)) = pairs.first() else { return Ok(()) };
        let _hand = self.hands.acquire().await.map_err(ApiError::internal)?;
        let cause = self.cause(first, event);
        let rows: Vec<Row> = pairs.iter().map(|(s, event)| Row::of(self.name, s.name, event)).collect();
        let (mut tx, places) = Tx::begin(&self.writers, &self.clock, cause, Access::WHOLE, &*rows).await?;
        let outcome = self.apply_all(&mut tx, pairs, &rows, &places).await;
        for handler in tx.finish(self, outcome).await? {
            self.count(handler, "done");
        }
        Ok(())
    }

    /// Which handlers have run.
    async fn apply_all(
        &self,
        tx: &mut Tx,
        pairs: &[Pair<'_>],
        rows: &[Row],
        places: &[Place],
    ) -> Result<Vec<&'static str>> {
        let now = tx.stamp().at;
        if places.iter().any(|place| place.queue) {
            return Err(ApiError::NotYet("an earlier message of the same key".to_owned()));
        }
        // A message can come twice in one go, too.
        let mut seen = HashSet::new();
        let mut fresh = Vec::new();
        for ((row, pair), place) in rows.iter().zip(pairs).zip(places) {
            if place.known.is_none() && seen.insert((pair.0.name, pair.1.id)) {
                fresh.push((row, pair));
            }
        }
        let kept: Vec<(&Row, &str)> = fresh.iter().map(|(row, (_, event))| (*row, event.kind.as_str())).collect();
        store::keep_all_done(tx.conn(), &kept, now).await?;
        let started = Instant::now();
        for (_, (subscription, event)) in &fresh {
            if started.elapsed() > LONG {
                return Err(ApiError::internal("too long for the locks that it holds"));
            }
            let cause = self.cause(subscription, event);
            let span = self.span(subscription, event, &cause);
            tx.follow(cause);
            subscription.handle(tx, event).instrument(span).await?;
        }
        Ok(fresh.iter().map(|(_, (subscription, _))| subscription.name).collect())
    }
}
