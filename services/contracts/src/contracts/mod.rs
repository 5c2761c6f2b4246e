//! A contract: `draft → in_review → approved → signing → signed → effective`, or `withdrawn`; a review that sends it back
//! makes the next revision. Public: the routes, the reactions, the answer of a review.
pub mod clauses;
mod consume;
mod content;
mod document;
pub mod domain;
mod http;
mod lines;
mod show;
mod signing;
mod store;

pub use consume::{approval_decided, consumers, step_passed};
pub use http::routes;
pub use lines::split;
pub use store::{find, unused};
