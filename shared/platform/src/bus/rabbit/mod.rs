//! The `RabbitMQ` end of the bus: one topic exchange, four ordered quorum queues a service, and a supervised connection
//! for each direction.
//!
//! It moves parcels and reports truthfully what became of them. It refuses to know what an event means, to keep a
//! message of its own (the outbox and the inbox do), to hide an unknown outcome as a success, and to use the client
//! library's automatic recovery, which can give up for ever without a sign.
//!
//! * [`declare`] makes exchanges, queues and bindings; only `yewu migrate` calls it, with the admin URL.
//! * [`Publisher`] sends closed windows and reconciles them by message id.
//! * [`consume`] hands each shard's messages to a [`Receiver`](super::Receiver), strictly one after the other.
//!
//! A running service never creates nor deletes anything; it re-states its own bindings. [`users`] says what its user at the
//! broker may do: that and no more.
//!
//! The client library logs every returned message with its whole body at WARN: keep the target `lapin` at `error`.
mod address;
mod consumer;
mod publisher;
mod session;
mod topology;
mod walls;

pub use address::Address;
pub use consumer::{Consuming, consume};
pub use publisher::{Publisher, WINDOW_LIMIT};
pub use session::State;
pub use topology::declare;
pub use walls::{add_administrator, users};
