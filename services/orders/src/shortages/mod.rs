//! A shortage (ORD-07): what stock does not cover of an order, and what is done about it: `open → decided → resolved`.
//! Opened by procurement's answer and resolved by it (a split one when the rest is held); it decides nothing about stock (ruling 9).
pub mod domain;
mod http;
mod steps;
mod store;

pub use http::routes;

pub(crate) use steps::{Followed, cancel, follow};
