//! Ladders of escalation (CRM-26, 60): how many working minutes after the due moment each rung is reached. Data that a manager
//! changes; whom a rung concerns is the rule of what climbs.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::of_kind;
