//! A survey template: `draft → active → retired`. One is active; activating another retires it in the same transaction,
//! so that there is always one to ask with.
pub mod domain;
mod http;
pub(crate) mod store;

pub use http::routes;
