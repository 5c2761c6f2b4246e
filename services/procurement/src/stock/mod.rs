//! Stock: a balance per item and place, and the ledger of its movements, which only grows (ruling 11, PRO-39).
pub mod domain;
mod http;
mod receive;
pub(crate) mod store;
mod why;

pub use http::routes;
pub(crate) use receive::{Incoming, receive};
