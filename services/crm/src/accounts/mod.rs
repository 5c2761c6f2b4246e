//! Customers: `prospect → active ⇄ dormant`, any of them `→ invalid` (CRM-28, 32). The master of who a customer is: all
//! other services keep a replica. Not their people: that is `contacts`.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::{existing, find, seen};
