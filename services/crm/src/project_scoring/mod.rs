//! How project initiations are scored (CRM-56): versions of weights and pass mark, and the scorecards of reviewers, both written
//! once. What follows from a score is the initiation's business.
pub mod domain;
mod http;
mod policies;
mod store;

pub use domain::ScoringPolicy;
pub use http::routes;
pub use policies::in_force;
