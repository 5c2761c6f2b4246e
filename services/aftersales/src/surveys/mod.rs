//! A survey: `open → answered | void`. Put when a revisit reaches the customer, answered once, then never changed (SVC-13).
pub mod domain;
mod http;
pub(crate) mod store;

pub use http::routes;
