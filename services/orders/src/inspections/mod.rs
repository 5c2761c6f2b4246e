//! An inspection (ORD-17): samples of one line's goods are read, and the lot passes or fails by its plan:
//! `planned → done`. A failed one opens a nonconformity; final ones that are open keep the order from shipping (ORD-20).
pub mod domain;
mod http;
mod steps;
mod store;

pub use http::routes;

pub(crate) use steps::{cancel, count, open, tell_work};
