//! Segments (目标客户群): `draft → active → retired`, each a rule over leads or customers (CRM-05). Who belongs is computed: whenever
//! something of a lead or customer is told, and once a day for everybody. Nobody is put in by hand; that is what target lists are
//! for. A retired segment keeps the members that it had.
mod consume;
pub mod domain;
mod http;
mod members;
mod store;

pub use consume::{consumers, sweep};
pub use http::routes;
pub use store::{count_seen, find, members_seen};
