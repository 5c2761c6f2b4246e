//! A nonconformity (ORD-19): goods that did not pass, `open → rework → reinspection` until they do, or scrapped. While one
//! is open nothing ships (ORD-20); what is scrapped is asked for again, and becomes a shortage where there is no other.
pub mod domain;
mod http;
mod steps;
mod store;

pub use http::routes;

pub(crate) use steps::{cancel, count_open, follow};
