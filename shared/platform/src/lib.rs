//! The kernel: how every service writes, tells, asks, authorises and schedules. Knows no business noun.
//!
//! The forgotten step is made impossible: a command returns a [`Change`], and only [`Tx`] can write one, with version
//! check, outbox and audit in the same transaction. There is no other door.
mod answer;
pub mod app;
pub mod approvals;
pub mod attachments;
pub mod audit;
pub mod auth;
mod backoff;
pub mod bus;
pub mod calendar;
mod change;
mod change_feed;
mod clock;
mod common;
mod contract;
mod cx;
pub mod db;
mod error;
pub mod evidence;
pub mod external;
mod gate;
pub mod guest;
pub mod handover;
mod hexadecimal;
mod inbox;
mod inbox_store;
mod inbox_together;
mod jobs;
mod json;
mod machine;
pub mod makers;
pub mod measures;
pub mod migrate;
mod node;
mod numbers;
pub mod openapi;
pub mod outbox;
mod parameters;
pub mod parked;
pub mod passwords;
pub mod program;
mod register;
pub mod replica;
mod retention;
pub mod rows;
#[doc(hidden)]
pub mod rules;
pub mod schema;
pub mod sealed;
pub mod search;
pub mod server;
mod service;
pub mod settings;
mod shape;
mod steady;
mod stored;
mod teeth;
pub mod telemetry;
mod tx;

pub use answer::{Answer, Reply};
pub use approvals::{Approvals, Ask, Decided, Passed};
pub use attachments::{Attachment, Upload};
pub use auth::{Caller, Sight, Verifier};
pub use change::{Change, Entity, Stamp, Store, StoreAll, unchanged};
pub use clock::Clock;
pub use contract::{Operation, Operations};
pub use cx::Cx;
pub use error::ApiError;
pub use handover::Handovers;
pub use hexadecimal::hexadecimal;
pub use inbox::{Handle, Subscriptions};
pub use jobs::Jobs;
pub use json::{Json, parse};
pub use machine::{Closed, Machine, MachineInfo, Refused, Transition, table};
pub use node::Node;
pub use rules::{Kind, Language, Rule};
pub use service::{Codes, Service, Words};
pub use settings::Settings;
pub use steady::Steady;
pub use tx::{Part, Tx, shard};

/// A Postgres connection.
pub type Conn = diesel_async::AsyncPgConnection;
/// A pool of them.
pub type Pool = diesel_async::pooled_connection::deadpool::Pool<Conn>;
/// What fallible functions of the suite return.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;
