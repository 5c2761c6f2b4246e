//! An item: `active → retired`. A retired item is no longer bought; what lies of it can still be sold.
pub mod domain;
mod http;
pub(crate) mod store;

pub use http::routes;
