//! Points of market share: ours of a market in a period, one each (CRM-52). They belong to the company, not to a person.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::{mean, of_period};
