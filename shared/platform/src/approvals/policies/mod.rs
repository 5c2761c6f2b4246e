//! Approval policies over REST: read, publish the next version, try a draft on the past (PLT-02, PLT-11).
//! Refuses to edit what was published, and to invent keys: documents ask by the keys that services ship.
mod domain;
mod http;
mod simulation;
mod store;

pub use domain::PolicyRule;
pub(super) use http::routes;
