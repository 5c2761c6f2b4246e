//! Plans of follow-ups (CRM-26): how often a customer is talked to, by a recurrence; each day of it makes a follow-up. `active →
//! ended`. What became of a single talk is `follow_ups`'.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::make_follow_ups;
pub use http::routes;
