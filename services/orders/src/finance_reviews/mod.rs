//! A finance review (ORD-08): `pending → approved_to_invoice | price_adjust_required`, resubmitted until approved.
//! Opened by the machine when an order is checked, due within one working day. Public: routes, the job, opening and ending.
pub mod domain;
mod http;
mod steps;
mod store;

pub use http::routes;
pub use steps::mark_overdue;

pub(crate) use steps::{cancel, open};
