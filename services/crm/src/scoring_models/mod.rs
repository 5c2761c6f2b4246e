//! Scoring models: `draft → active → retired`, one active at a time (CRM-09). Says how a lead is rated; the ratings are
//! the lead's own.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::active;
