//! A revisit: `scheduled → contacted → answered → closed`, or `unreachable` after three calls. Late is a mark beside the
//! state. Public: the routes, the reaction to a delivery, the job.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::{consumers, find_overdue};
pub use http::routes;
