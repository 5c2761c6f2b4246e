//! Market feedback: `new → triaged → used`, or closed; what sales people hear of the market and of changing needs (CRM-33).
pub mod domain;
mod http;
mod store;

pub use http::routes;
