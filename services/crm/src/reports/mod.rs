//! The pipeline's figures (CRM-39): open opportunities by stage today or as a day's picture kept them, what is expected when, and
//! what became of those that were closed. Not the opportunities, and no rule about them: it only counts what the caller may see.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::take_snapshot;
pub use http::routes;
