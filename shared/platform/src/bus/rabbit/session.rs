//! The life of one AMQP connection: connect, work, tear down, wait, again, for ever.
//!
//! It knows when a connection is over; it refuses to know what is sent on it. The library's recovery stays off, because
//! only without it does every failure arrive as an error, the end of a stream or a status. Nothing in the library has a
//! time limit, so everything awaited here has one.
use std::{
    future::Future,
    hash::{BuildHasher, Hasher, RandomState},
    pin::pin,
    time::Duration,
};

use super::Address;
use futures_util::StreamExt;
use lapin::{Channel, Connection, ConnectionProperties, Event, uri::AMQPUri};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

/// Longest wait for any single answer of the broker.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// How often the status of a connection or channel is looked at.
pub(super) const TICK: Duration = Duration::from_secs(1);
/// Upper bound of the pause before the next attempt, of any kind.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Upper bound of the first pause; it doubles up to [`LONGEST_PAUSE`].
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// What a stop allows for work in hand.
const STOP_GRACE: Duration = Duration::from_secs(15);
/// Longest farewell: a broker that does not answer it is left without one.
const FAREWELL: Duration = Duration::from_secs(1);
/// Heartbeat asked of the broker, in seconds: a silent peer is noticed within twice this.
const HEARTBEAT_SECONDS: u16 = 10;
/// The largest frame; longer messages travel in several. The library keeps room for 32 frames in each direction of each connection
/// (with the broker's 128 KiB that was 100 MiB in a process of six services).
const FRAME_BYTES: u32 = 16 * 1024;

/// How a connection stands, for readiness pages and for the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not usable: connecting, opening or waiting for the next attempt.
    Connecting,
    /// Usable.
    Running,
    /// Alive, but a broker alarm (memory, disk) holds publishing back.
    Blocked,
}

/// Who a connection belongs to, and how it stands.
pub(super) struct Link {
    service: String,
    role: &'static str,
    state: watch::Sender<State>,
}

impl Link {
    pub(super) fn new(service: &str, role: &'static str) -> Self {
        let link = Self { service: service.to_owned(), role, state: watch::Sender::new(State::Connecting) };
        link.set(State::Connecting);
        link
    }

    pub(super) fn state(&self) -> State {
        *self.state.borrow()
    }

    /// Says that the connection can be used; a block already seen stays.
    pub(super) fn running(&self) {
        tracing::info!(service = self.service, role = self.role, "connected to the broker");
        self.set(State::Running);
    }

    /// Ends with the first state that is not `Running`.
    pub(super) async fn interrupted(&self) -> State {
        let mut states = self.state.subscribe();
        // The sender lives in `self`, so that the wait cannot fail.
        states.wait_for(|state| *state != State::Running).await.map_or(State::Connecting, |state| *state)
    }

    fn set(&self, state: State) {
        self.state.send_replace(state);
        let value = match state {
            State::Connecting => 0.0,
            State::Running => 1.0,
            State::Blocked => 2.0,
        };
        metrics::gauge!("yewu_amqp_state", "service" => self.service.clone(), "role" => self.role).set(value);
    }

    fn observe_block(&self, blocked: bool) {
        match (self.state(), blocked) {
            (State::Running, true) => {
                tracing::warn!(service = self.service, role = self.role, "a broker alarm blocks publishing");
                self.set(State::Blocked);
            }
            (State::Blocked, false) => {
                tracing::info!(service = self.service, role = self.role, "the broker alarm is over");
                self.set(State::Running);
            }
            _ => {}
        }
    }
}

/// Why a connection is over: a word for the metric, a sentence for the log.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) reason: &'static str,
    pub(super) detail: String,
}

impl Ended {
    pub(super) fn new(reason: &'static str, detail: impl ToString) -> Self {
        Self { reason, detail: detail.to_string() }
    }
}

/// Parts of the work that run side by side.
pub(super) type Tasks = JoinSet<Result<(), Ended>>;

/// What is done on a connection.
pub(super) trait Work: Send + Sync + 'static {
    /// Works until `stop` is set (`Ok`) or the connection must be given up (`Err`). Says [`Link::running`] when open.
    /// What is spawned into `tasks` is dropped only after the connection is closed.
    fn run(
        &self,
        connection: &Connection,
        link: &Link,
        stop: watch::Receiver<bool>,
        tasks: &mut Tasks,
    ) -> impl Future<Output = Result<(), Ended>> + Send;
}

/// Keeps `work` on a connection until `stop` is set. Attempts have no limit in number.
pub(super) async fn supervise(address: Address, link: &Link, work: &impl Work, mut stop: watch::Receiver<bool>) {
    let mut pause = FIRST_PAUSE;
    while !*stop.borrow() {
        let started = Instant::now();
        let result = session(&address, link, work, &stop).await;
        link.set(State::Connecting);
        let Err(ended) = result else { break };
        tracing::warn!(
            service = link.service,
            role = link.role,
            reason = ended.reason,
            "the broker connection is over: {}",
            ended.detail
        );
        metrics::counter!("yewu_amqp_reconnects_total", "service" => link.service.clone(), "role" => link.role, "reason" => ended.reason)
            .increment(1);
        // Only a session that lasted earns a quick retry, or one that dies at once would be reopened in a tight loop.
        if started.elapsed() > LONGEST_PAUSE {
            pause = FIRST_PAUSE;
        }
        tokio::select! {
            () = stopped(&mut stop) => {}
            () = sleep(jitter(pause)) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    tracing::info!(service = link.service, role = link.role, "the broker connection is closed");
}

/// One connection from its opening to its end.
async fn session(address: &Address, link: &Link, work: &impl Work, stop: &watch::Receiver<bool>) -> Result<(), Ended> {
    let url = address.url().map_err(|error| Ended::new("connect", format!("{error:#}")))?;
    let name = format!("{}#{}/{}", link.service, std::process::id(), link.role);
    let mut stopping = stop.clone();
    let connection = tokio::select! {
        connection = connect(&url, &name) => connection?,
        () = stopped(&mut stopping) => return Ok(()),
    };
    let mut tasks = Tasks::new();
    let mut work = pin!(work.run(&connection, link, stop.clone(), &mut tasks));
    let ended = tokio::select! {
        result = &mut work => result,
        ended = watch_over(&connection, link) => Err(ended),
        () = async { stopped(&mut stopping).await; sleep(STOP_GRACE).await } => Ok(()),
    };
    link.set(State::Connecting);
    // Before `work` and `tasks` are dropped: a consumer dropped while its channel lives sends a cancel of its own (see `consumer`).
    close(&connection).await;
    ended
}

/// Opens a connection with recovery off, a heartbeat and a name that the broker's tools show.
pub(super) async fn connect(url: &str, name: &str) -> Result<Connection, Ended> {
    let mut uri: AMQPUri = url.parse().map_err(|error| Ended::new("connect", format!("bad broker URL: {error}")))?;
    uri.query.heartbeat = Some(HEARTBEAT_SECONDS);
    uri.query.frame_max = Some(FRAME_BYTES);
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    timed("connect", Connection::connect_uri(uri, properties)).await
}

/// Opens a channel.
pub(super) async fn open_channel(connection: &Connection) -> Result<Channel, Ended> {
    timed("open", connection.create_channel()).await
}

/// Says goodbye if the broker listens; failure is of no interest, as everything is dropped next.
pub(super) async fn close(connection: &Connection) {
    let _ = timeout(FAREWELL, connection.close(200, "done".into())).await;
}

/// The same for a channel.
pub(super) async fn close_channel(channel: &Channel) {
    let _ = timeout(FAREWELL, channel.close(200, "done".into())).await;
}

/// Waits for one answer of the broker, [`ANSWER_LIMIT`] at most; `step` names it in metric and log.
pub(super) async fn timed<T>(step: &'static str, answer: impl Future<Output = lapin::Result<T>>) -> Result<T, Ended> {
    match timeout(ANSWER_LIMIT, answer).await {
        Ok(result) => result.map_err(|error| Ended::new(step, error)),
        Err(_) => Err(Ended::new(step, format!("no answer within {ANSWER_LIMIT:?}"))),
    }
}

/// Ends when `stop` is set, or when nobody is left to set it.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// A random share of `longest` ("full jitter"): services that lost the broker together do not return together.
pub(super) fn jitter(longest: Duration) -> Duration {
    // The standard library seeds each `RandomState` differently, which is all the randomness that a pause needs.
    let share = RandomState::new().build_hasher().finish() % 1000;
    longest.mul_f64(f64::from(u32::try_from(share).unwrap_or(0)) / 1000.0)
}

/// A ticker that does not make up for missed beats.
pub(super) fn ticker(period: Duration) -> tokio::time::Interval {
    let mut ticker = interval(period);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticker
}

/// Follows the broker's alarms, and ends when the connection has ended.
async fn watch_over(connection: &Connection, link: &Link) -> Ended {
    let mut events = pin!(connection.events_listener());
    let mut tick = ticker(TICK);
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::Error(error)) => return Ended::new("closed", error),
                Some(_) => {}
                None => return Ended::new("closed", "no more events"),
            },
            _ = tick.tick() => {}
        }
        // The status is the truth and events only wake us, so that a missed event costs one tick.
        if !connection.status().connected() {
            return Ended::new("closed", "the connection is not open any more");
        }
        link.observe_block(connection.status().blocked());
    }
}
