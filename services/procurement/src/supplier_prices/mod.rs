//! A supplier's price for an item: `active → retired`. One is active at a time; a new one replaces it under the same id or
//! after it was retired. It is what the supplier says, and binds nobody: orders have their own prices.
pub mod domain;
mod http;
mod store;

pub use http::routes;
