//! The two ends of the bus: what leaves an outbox, what arrives at an inbox. RabbitMQ carries it in real life; `memory`
//! hands it over inside one process. Neither knows a business noun, and no service holds either: facts leave by
//! `Change::emit` and arrive at consumers.
pub mod memory;
pub mod rabbit;

use futures_util::future::BoxFuture;
use std::time::Duration;
use uuid::Uuid;

/// Queues a service: facts with one ordering key share one (ruling 25).
pub const SHARDS: u8 = 4;
/// Topic exchange of all facts; routing key = type + `.` + shard.
pub const EXCHANGE: &str = "yewu.events";
/// Backstop for what the broker itself gives up on.
pub const DEAD_EXCHANGE: &str = "yewu.dead";

/// One message on its way out: an outbox row as the wire sees it.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub id: Uuid,
    /// `CloudEvents` type.
    pub kind: String,
    pub shard: u8,
    /// Some service subscribes to it: it must be routed somewhere.
    pub mandatory: bool,
    /// `CloudEvents` 1.0 structured JSON.
    pub body: Vec<u8>,
    pub traceparent: Option<String>,
}

/// What became of a window of parcels.
#[derive(Debug, Default)]
pub struct Window {
    pub confirmed: Vec<Uuid>,
    pub unroutable: Vec<Uuid>,
}

/// One message that arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub body: Vec<u8>,
    pub message_id: Option<String>,
    /// The type that it was routed by, if it was: the broker lets a service route by its own types only.
    pub kind: Option<String>,
    /// How often a process died, or gave the message back, holding it.
    pub deaths: u32,
}

/// What the receiver did with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Durable in the inbox (done, waiting or parked): acknowledge.
    Kept,
    /// Could not even be stored (database away): try again later.
    Again,
    /// Bytes that are no event at all: to the dead-letter exchange.
    Hopeless,
}

/// A service's receiving end.
pub trait Receiver: Send + Sync + 'static {
    fn receive(&self, arrival: Arrival) -> BoxFuture<'_, Settled>;
    /// Several that came one behind the other: a word for each of the first ones, in their order, as far as it got. The last
    /// word alone can be [`Settled::Again`]. A receiver that gains nothing by having many looks at the first only.
    fn receive_some(&self, mut arrivals: Vec<Arrival>) -> BoxFuture<'_, Vec<Settled>> {
        arrivals.truncate(1);
        Box::pin(async move {
            match arrivals.pop() {
                Some(first) => vec![self.receive(first).await],
                None => Vec::new(),
            }
        })
    }
}

/// Why a window was not published; its outcome is unknown and it is sent again (the inbox drops doubles).
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    #[error("the broker cannot be reached: {0}")]
    Away(String),
    #[error("no confirm within {0:?}")]
    Unconfirmed(Duration),
    #[error("blocked by a broker alarm")]
    Blocked,
    #[error("topology: {0}")]
    Topology(String),
}

/// Which event types each service hears; derived from the `SERVICE` constants.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    pub services: Vec<(String, Vec<String>)>,
}
impl Manifest {
    /// Does any service hear this type?
    #[must_use]
    pub fn hears(&self, kind: &str) -> bool {
        self.services.iter().any(|(_, kinds)| kinds.iter().any(|k| k == kind))
    }
}

/// The sending end a relay holds.
#[derive(Clone)]
pub enum Sender {
    Rabbit(rabbit::Publisher),
    Memory(memory::Memory),
}
impl Sender {
    /// Sends a window; what is neither confirmed nor unroutable is sent again.
    pub async fn publish(&self, window: Vec<Parcel>) -> Result<Window, BusError> {
        match self {
            Self::Rabbit(publisher) => publisher.publish(window).await,
            Self::Memory(memory) => Ok(memory.publish(window).await),
        }
    }
}
