//! A work item (ORD-11): one department's part of a confirmed order: `assigned → acknowledged → in_progress → done`,
//! `blocked` in between; made from the decomposition rules. Nothing ships before all are done (ORD-20).
pub mod domain;
mod http;
mod steps;
mod store;

pub use http::routes;

pub(crate) use steps::{cancel, decompose, inspect};
