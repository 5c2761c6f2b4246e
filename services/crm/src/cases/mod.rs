//! Cases: one deal from end to end, read from the facts of all six services (rulings 15, 18). A read model: it decides
//! nothing, nobody edits it, and replaying the facts makes it again.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::consumers;
pub use http::routes;
pub use store::latest_of;
