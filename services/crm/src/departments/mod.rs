//! Departments by code (PLT-23): the words that tokens, people and rows use. Seeded with those of the business process.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::exists;
