//! Sends parcels in closed windows and says exactly which of them are safe with the broker.
//!
//! It refuses to guess: a window whose outcome is not fully known is an error as a whole, and the relay sends it again
//! (receivers drop what they have seen). Neither does it queue: while the broker is away, callers are told at once.
//!
//! Why windows and ids: the client library hands a returned (unroutable) message to whichever confirm resolves next,
//! so that a single confirm proves nothing while others are in flight. Over a closed window the sets are right: the
//! broker sends a return before its confirm and each confirm takes at most one return, hence when the last confirm of
//! the window has resolved, every return of the window has been handed out, and to this window.
use std::{collections::HashSet, sync::Arc};

use futures_util::future::try_join_all;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection,
    options::{BasicPublishOptions, ConfirmSelectOptions},
    types::{AMQPValue, FieldTable},
};
use tokio::{
    sync::{Mutex, Notify, watch},
    time::timeout,
};
use uuid::Uuid;

use super::{
    Address,
    session::{
        ANSWER_LIMIT, Ended, Link, State, TICK, Tasks, Work, close_channel, open_channel, stopped, supervise, ticker,
        timed,
    },
    topology::routing_key,
};
use crate::{
    bus::{BusError, EXCHANGE, Parcel, Window},
    teeth::planted,
};

/// Most parcels in flight at once; longer inputs are sent as successive windows.
pub const WINDOW_LIMIT: usize = 256;
/// AMQP delivery mode of a message that the broker writes to disk.
const PERSISTENT: u8 = 2;
const CONTENT_TYPE: &str = "application/cloudevents+json";

/// A supervised publishing connection; clones share it.
#[derive(Clone)]
pub struct Publisher(Arc<Shared>);

struct Shared {
    link: Link,
    /// The confirm channel. A window takes it out and puts it back only when everything about the window is known; an
    /// empty slot that nobody holds therefore means a failed or abandoned window, whose late confirms would spoil the
    /// next one, and ends the session.
    slot: Mutex<Option<Channel>>,
    failed: Notify,
}

impl Publisher {
    /// Starts connecting in the background, on the current tokio runtime. `name` labels metrics and the connection;
    /// setting `stop` lets a window in flight finish and closes.
    pub fn start(address: impl Into<Address>, name: &str, stop: watch::Receiver<bool>) -> Self {
        let shared = Shared { link: Link::new(name, "publish"), slot: Mutex::new(None), failed: Notify::new() };
        let publisher = Self(Arc::new(shared));
        let (address, supervised) = (address.into(), publisher.clone());
        tokio::spawn(async move { supervise(address, &supervised.0.link, &supervised, stop).await });
        publisher
    }

    /// How the connection stands.
    pub fn state(&self) -> State {
        self.0.link.state()
    }

    /// Publishes in the given order and waits for all confirms. Windows of one publisher follow one another, they do
    /// not mix. `confirmed` and `unroutable` together are the whole input.
    ///
    /// # Errors
    /// Everything in the input is of unknown outcome and must be sent again, in the same order: `Away` (also at once
    /// while not connected), `Blocked` (also at once during an alarm), `Unconfirmed`.
    pub async fn publish(&self, parcels: Vec<Parcel>) -> Result<Window, BusError> {
        let mut whole = Window::default();
        for window in parcels.chunks(WINDOW_LIMIT) {
            let part = self.publish_window(window).await?;
            whole.confirmed.extend(part.confirmed);
            whole.unroutable.extend(part.unroutable);
        }
        Ok(whole)
    }

    async fn publish_window(&self, parcels: &[Parcel]) -> Result<Window, BusError> {
        refuse_unless_running(self.state())?;
        let mut slot = self.0.slot.lock().await;
        let Some(channel) = slot.take() else {
            return Err(BusError::Away("the window before failed, its channel is being replaced".to_owned()));
        };
        let result = tokio::select! {
            biased;
            sent = timeout(ANSWER_LIMIT, send(&channel, parcels)) => match sent {
                Ok(result) => result.map_err(away).and_then(|outcomes| reconcile(parcels, outcomes)),
                Err(_) => Err(BusError::Unconfirmed(ANSWER_LIMIT)),
            },
            state = self.0.link.interrupted() => match refuse_unless_running(state) {
                Err(refused) => Err(refused),
                Ok(()) => Err(BusError::Away("the connection was replaced".to_owned())),
            },
        };
        if result.is_ok() {
            *slot = Some(channel);
        } else {
            self.0.failed.notify_one();
        }
        result
    }
}

impl Work for Publisher {
    async fn run(
        &self,
        connection: &Connection,
        link: &Link,
        mut stop: watch::Receiver<bool>,
        _tasks: &mut Tasks,
    ) -> Result<(), Ended> {
        let channel = open_channel(connection).await?;
        timed("open", channel.confirm_select(ConfirmSelectOptions::default())).await?;
        *self.0.slot.lock().await = Some(channel);
        link.running();
        let mut tick = ticker(TICK);
        loop {
            tokio::select! {
                () = stopped(&mut stop) => {
                    // Waits for the window in flight, which is bounded.
                    if let Some(channel) = self.0.slot.lock().await.take() {
                        close_channel(&channel).await;
                    }
                    return Ok(());
                }
                () = self.0.failed.notified() => {}
                _ = tick.tick() => {}
            }
            // A blocked connection is kept: a new one would be blocked as well. What failed on it is replaced after.
            if link.state() == State::Running && self.0.slot.try_lock().is_ok_and(|slot| slot.is_none()) {
                return Err(Ended::new("window", "the outcome of a window is unknown"));
            }
        }
    }
}

async fn send(channel: &Channel, parcels: &[Parcel]) -> lapin::Result<Vec<Confirmation>> {
    let mut confirms = Vec::with_capacity(parcels.len());
    for parcel in parcels {
        let options = BasicPublishOptions { mandatory: parcel.mandatory, ..BasicPublishOptions::default() };
        let key = routing_key(&parcel.kind, parcel.shard);
        let confirm =
            channel.basic_publish(EXCHANGE.into(), key.into(), options, &parcel.body, properties(parcel)).await?;
        confirms.push(confirm);
    }
    if planted("B03") {
        return Ok(Vec::new());
    }
    try_join_all(confirms).await
}

fn properties(parcel: &Parcel) -> BasicProperties {
    let properties = BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_message_id(parcel.id.to_string().into())
        .with_type(parcel.kind.as_str().into())
        .with_content_type(CONTENT_TYPE.into());
    match &parcel.traceparent {
        Some(traceparent) => {
            let mut headers = FieldTable::default();
            headers.insert("traceparent".into(), AMQPValue::LongString(traceparent.as_str().into()));
            properties.with_headers(headers)
        }
        None => properties,
    }
}

/// Published = the window minus everything that was returned, whichever confirm carried it.
fn reconcile(parcels: &[Parcel], outcomes: Vec<Confirmation>) -> Result<Window, BusError> {
    let mut returned = HashSet::new();
    for outcome in outcomes {
        if !outcome.is_ack() {
            return Err(BusError::Away("the broker refused a message of the window".to_owned()));
        }
        if let Some(message) = outcome.take_message() {
            let id = message.properties.message_id().as_ref().and_then(|id| Uuid::parse_str(id.as_str()).ok());
            if planted("B06") {
                continue;
            }
            match id.filter(|id| parcels.iter().any(|parcel| parcel.id == *id)) {
                Some(id) => returned.insert(id),
                None => return Err(BusError::Away("the broker returned a message of another window".to_owned())),
            };
        }
    }
    let (unroutable, confirmed) = parcels.iter().map(|parcel| parcel.id).partition(|id| returned.contains(id));
    Ok(Window { confirmed, unroutable })
}

fn refuse_unless_running(state: State) -> Result<(), BusError> {
    match state {
        State::Running => Ok(()),
        State::Blocked => Err(BusError::Blocked),
        State::Connecting => Err(BusError::Away("connecting".to_owned())),
    }
}

fn away(error: lapin::Error) -> BusError {
    BusError::Away(error.to_string())
}
