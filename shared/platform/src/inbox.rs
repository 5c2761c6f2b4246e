//! The receiving kernel: every event has its effect once per handler, in the order of its key, or waits, or is parked.
//! Inbox row, business effect and outgoing facts are one transaction; the broker hears "kept" only after it (ruling 27).
use crate::{
    ApiError, Kind, Result, Stamp, Tx,
    app::App,
    backoff::{self, Next},
    bus::{Arrival, Receiver, Settled},
    inbox_store::{self as store, Place, Row, Waiting},
    teeth::{crash, planted},
    tx::{Access, Cause},
};
use futures_util::{FutureExt, future::BoxFuture};
use std::{collections::HashSet, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::time::Instant;
use tracing::Instrument;
use wire::{CloudEvent, Event, EventId, Ownership};

/// An `async fn(&mut Tx, E) -> Result<()>`.
pub trait Handle<'a, E>: Fn(&'a mut Tx, E) -> Self::Answer {
    type Answer: Future<Output = Result<()>> + Send + 'a;
}
impl<'a, E, F: Fn(&'a mut Tx, E) -> Answer, Answer: Future<Output = Result<()>> + Send + 'a> Handle<'a, E> for F {
    type Answer = Answer;
}
type Handler = Box<dyn for<'a> Fn(&'a mut Tx, serde_json::Value) -> BoxFuture<'a, Result<()>> + Send + Sync>;

/// One reaction to one kind of fact.
pub(crate) struct Subscription {
    pub name: &'static str,
    pub kind: &'static str,
    /// Gets the envelope instead of its data.
    whole: bool,
    handler: Handler,
}

impl Subscription {
    /// Runs the handler; a panic or a hang is a failure.
    pub(crate) async fn handle(&self, tx: &mut Tx, event: &CloudEvent) -> Result<()> {
        let data = if self.whole { serde_json::to_value(event)? } else { event.data.clone() };
        let handled = AssertUnwindSafe((self.handler)(tx, data)).catch_unwind();
        match tokio::time::timeout(PATIENCE, handled).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(ApiError::internal(format!("{} panicked", self.name))),
            Err(_) => Err(ApiError::internal(format!("{} took longer than {PATIENCE:?}", self.name))),
        }
    }
}

/// A service's reactions.
#[derive(Default)]
pub struct Subscriptions(pub(crate) Vec<Subscription>);

impl Subscriptions {
    /// `name` is the handler's identity in the inbox: renaming it would do everything again, so treat it as data.
    pub fn on<E: Event>(
        &mut self,
        name: &'static str,
        f: impl for<'a> Handle<'a, E> + Send + Sync + 'static,
    ) -> &mut Self {
        let handler: Handler = Box::new(move |tx, data| match serde_json::from_value::<E>(data) {
            Ok(event) => Box::pin(f(tx, event)),
            Err(error) => Box::pin(async move { Err(Malformed(error.to_string()).into()) }),
        });
        self.0.push(Subscription { name, kind: E::TYPE, whole: false, handler });
        self
    }
    /// One reaction to many kinds of fact, which gets the whole envelope: for read models.
    pub fn on_every(
        &mut self,
        name: &'static str,
        kinds: impl IntoIterator<Item = &'static str>,
        f: impl for<'a> Handle<'a, CloudEvent> + Copy + Send + Sync + 'static,
    ) -> &mut Self {
        for kind in kinds {
            let handler: Handler = Box::new(move |tx, envelope| match serde_json::from_value::<CloudEvent>(envelope) {
                Ok(envelope) => Box::pin(f(tx, envelope)),
                Err(error) => Box::pin(async move { Err(Malformed(error.to_string()).into()) }),
            });
            self.0.push(Subscription { name, kind, whole: true, handler });
        }
        self
    }
    /// The types heard.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.0.iter().map(|s| s.kind.to_owned()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the event's data is not what its type promises: {0}")]
struct Malformed(String);
impl crate::Rule for Malformed {
    fn code(&self) -> &'static str {
        "event.malformed"
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn text(&self, language: crate::Language) -> String {
        language.pick(format!("事件数据与其类型不符：{}", self.0), self.to_string())
    }
}

/// A message that was in hand this often when the process died is parked without being tried again.
const MOST_DEATHS: i32 = 3;
/// After so long of handling one message after the other, the rest of them is left to the next time.
const ENOUGH: Duration = Duration::from_secs(15);
/// A handler, or several in one transaction, may take this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// Tries before a transient failure is set aside.
const IMMEDIATE_TRIES: u32 = 2;

impl Receiver for Arc<App> {
    fn receive(&self, arrival: Arrival) -> BoxFuture<'_, Settled> {
        async move {
            let event = match self.read(&arrival) {
                Ok(event) => event,
                Err(settled) => return settled,
            };
            let Ok(killer) = self.suspect(&event, arrival.deaths).await else { return Settled::Again };
            for subscription in self.subscriptions.0.iter().filter(|s| s.kind == event.kind) {
                if let Err(error) = self.take(subscription, &event, killer).await {
                    tracing::warn!(service = self.name, handler = subscription.name, event = %event.id, error = format!("{error:?}"), "could not be kept");
                    // It will be started again by a process that lives: that is no death. (If not even this can be written, the
                    // count is one too high until it is handled.)
                    if arrival.deaths > 0 {
                        let _ = self.acquit(&event).await;
                    }
                    return if planted("B02") { Settled::Kept } else { Settled::Again };
                }
            }
            if arrival.deaths > 0 && self.acquit(&event).await.is_err() {
                return Settled::Again;
            }
            crash("kept");
            Settled::Kept
        }
        .boxed()
    }

    /// All in one transaction, which costs little more than one of them would; where that fails, one after the other.
    fn receive_some(&self, arrivals: Vec<Arrival>) -> BoxFuture<'_, Vec<Settled>> {
        async move {
            let end = Instant::now() + ENOUGH;
            if arrivals.iter().all(|arrival| arrival.deaths == 0)
                && let Some(word) = self.gathered(&arrivals).await
            {
                return vec![word; arrivals.len()];
            }
            let mut words = Vec::new();
            for arrival in arrivals {
                let word = self.receive(arrival).await;
                words.push(word);
                if word == Settled::Again || Instant::now() > end {
                    break;
                }
            }
            words
        }
        .boxed()
    }
}

impl App {
    /// What arrived, or what is to become of what is no event.
    pub(crate) fn read(&self, arrival: &Arrival) -> Result<CloudEvent, Settled> {
        let Ok(event) = serde_json::from_slice::<CloudEvent>(&arrival.body) else {
            tracing::error!(
                service = self.name,
                message_id = arrival.message_id,
                "bytes that are no CloudEvent; dead-lettered"
            );
            return Err(if planted("B28") { Settled::Again } else { Settled::Hopeless });
        };
        // What it says of itself must be what the broker let pass: else one service could speak for another.
        if arrival.kind.as_ref().is_some_and(|kind| *kind != event.kind) {
            tracing::error!(service = self.name, event = %event.id, kind = event.kind, routed_as = arrival.kind, "an event of another type than it was routed by; dead-lettered");
            return Err(Settled::Hopeless);
        }
        Ok(event)
    }

    /// Counts, before anything is tried, that a message which has seen a process die is started once more; true when it
    /// was started often enough and never finished.
    async fn suspect(&self, event: &CloudEvent, deaths: u32) -> Result<bool> {
        if deaths == 0 {
            return Ok(false);
        }
        let mut conn = self.writers.get().await?;
        Ok(store::count_start(&mut conn, event.id.into()).await? >= MOST_DEATHS)
    }
    /// It was handled, whatever came of it: the process lives.
    async fn acquit(&self, event: &CloudEvent) -> Result<()> {
        let mut conn = self.writers.get().await?;
        Ok(store::acquit(&mut conn, event.id.into()).await?)
    }

    /// Delivers one event to one handler; `Err` only if not even the inbox could be written.
    async fn take(self: &Arc<Self>, subscription: &Subscription, event: &CloudEvent, killer: bool) -> Result<()> {
        if killer {
            let reason = format!("the process died {MOST_DEATHS} times holding it");
            return self.set_aside(subscription, event, &Next::Park(reason)).await;
        }
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.attempt(subscription, event, false).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            if error.is_transient() && tries < IMMEDIATE_TRIES {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            return self.set_aside(subscription, event, &backoff::after(&error, 0, Duration::ZERO)).await;
        }
    }

    /// One try in one transaction. `again` = the row is waiting in the inbox already.
    async fn attempt(self: &Arc<Self>, subscription: &Subscription, event: &CloudEvent, again: bool) -> Result<()> {
        let cause = self.cause(subscription, event);
        let span = self.span(subscription, event, &cause);
        let handled = async {
            let _hand = self.hands.acquire().await.map_err(ApiError::internal)?;
            let row = Row::of(self.name, subscription.name, event);
            let (mut tx, place) = Tx::begin(&self.writers, &self.clock, cause, Access::WHOLE, &row).await?;
            let outcome = self.apply(&mut tx, subscription, event, &row, place, again).await;
            tx.finish(self, outcome).await
        };
        let outcome = handled.instrument(span.clone()).await;
        let word = match &outcome {
            Ok(()) => "done",
            Err(ApiError::NotYet(_)) => "not_yet",
            Err(error) if error.is_transient() => "failed",
            Err(_) => "refused",
        };
        span.in_scope(|| tracing::debug!(outcome = word, kind = event.kind, "handled"));
        self.count(subscription.name, word);
        outcome
    }

    /// One more that came to this end.
    pub(crate) fn count(&self, handler: &'static str, outcome: &'static str) {
        metrics::counter!("yewu_handled_total", "service" => self.name, "handler" => handler, "outcome" => outcome)
            .increment(1);
    }
    pub(crate) fn span(&self, subscription: &Subscription, event: &CloudEvent, cause: &Cause) -> tracing::Span {
        tracing::info_span!("handle", service = self.name, handler = subscription.name, event = %event.id, trace_id = %cause.trace_id)
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        subscription: &Subscription,
        event: &CloudEvent,
        row: &Row,
        place: Place,
        again: bool,
    ) -> Result<()> {
        let now = tx.stamp().at;
        match place.known.as_deref() {
            // Who looked before the lock may have seen one before it succeed that has failed since.
            Some("waiting") if again && !place.queue => {}
            None if planted("B10") && !place.queue => {
                let mut other = self.writers.get().await?;
                store::keep_done(&mut other, row, event, now).await?;
            }
            Some(_) => return Ok(()), // a double, or not its turn
            None if place.queue => return Ok(store::keep_waiting(tx.conn(), row, event, now).await?),
            None => store::keep_done(tx.conn(), row, event, now).await?,
        }
        subscription.handle(tx, event).await?;
        if again {
            store::finish(tx.conn(), row, now).await?;
        }
        Ok(())
    }

    async fn set_aside(&self, subscription: &Subscription, event: &CloudEvent, next: &Next) -> Result<()> {
        let row = Row::of(self.name, subscription.name, event);
        if let Next::Park(reason) = next {
            tracing::error!(service = self.name, handler = subscription.name, event = %event.id, kind = event.kind, reason, "parked");
            metrics::counter!("yewu_parked_total", "service" => self.name, "handler" => subscription.name).increment(1);
        }
        let mut conn = self.writers.get().await?;
        Ok(store::set_aside(&mut conn, &row, event, next, self.clock.now()).await?)
    }

    /// Tries what is due, in arrival order of each key; returns how many had their effect.
    pub async fn drain_once(self: &Arc<Self>) -> Result<usize> {
        let mut effects = 0;
        loop {
            let due = {
                let mut conn = self.writers.get().await?;
                store::due(&mut conn, self.clock.now()).await?
            };
            if due.is_empty() {
                return Ok(effects);
            }
            // Behind one that fails its line waits.
            let mut stopped = HashSet::new();
            for waiting in due {
                let line = (waiting.handler.clone(), waiting.partition_key);
                if stopped.contains(&line) {
                    continue;
                }
                if self.try_again(&waiting).await? {
                    effects += 1;
                } else {
                    stopped.insert(line);
                }
            }
        }
    }

    /// Did it have its effect? If not, it is set aside once more.
    async fn try_again(self: &Arc<Self>, waiting: &Waiting) -> Result<bool> {
        let Some(subscription) =
            self.subscriptions.0.iter().find(|s| s.name == waiting.handler && s.kind == waiting.kind)
        else {
            let mut conn = self.writers.get().await?;
            store::park_orphan(&mut conn, waiting).await?;
            return Ok(false);
        };
        let event: CloudEvent = serde_json::from_str(&waiting.envelope)?;
        let Err(error) = self.attempt(subscription, &event, true).await else { return Ok(true) };
        let age = self.clock.now().timestamp().duration_since(waiting.arrived_at.timestamp());
        let age = Duration::try_from(age).unwrap_or_default();
        self.set_aside(subscription, &event, &backoff::after(&error, waiting.attempts, age)).await?;
        Ok(false)
    }

    pub(crate) fn cause(&self, subscription: &Subscription, event: &CloudEvent) -> Cause {
        let trace = crate::telemetry::Trace::of(event.traceparent.as_deref().unwrap_or(""), &self.clock);
        let ownership = Ownership {
            owner_id: event.ownerid.clone(),
            team_id: event.teamid.clone(),
            department_id: event.departmentid.clone(),
        };
        Cause {
            service: self.name,
            stamp: Stamp { at: self.clock.now(), actor: format!("event:{}", subscription.name), ownership },
            trace_id: trace.id.clone(),
            traceparent: trace.parent(),
            event: Some(EventId(event.id.0)),
            case: event.caseid,
        }
    }
}
