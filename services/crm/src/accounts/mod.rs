//! Customers: `prospect → active ⇄ dormant`, any of them `→ invalid`, `→ merged` or `→ purged` (CRM-28, 31, 32). The master of
//! who a customer is: all other services keep a replica. Not their people: that is `contacts`.
pub mod domain;
mod http;
mod merge;
pub mod profile;
mod purge;
mod store;

pub use http::routes;
pub use purge::{may_purge, purge};
pub use store::{existing, find, merged_into, seen, unverified};
