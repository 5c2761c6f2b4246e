//! Pipelines: the stages in which customers are developed, each with what must be there before it is left (CRM-15).
//! Seeded with that of the business process. Not the opportunities: those stand in stages, by key.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::{default_id, find};
