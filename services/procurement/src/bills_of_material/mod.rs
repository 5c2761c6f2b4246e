//! A bill of material: `active → retired`. One is active for an assembly; nothing is put together from itself, however
//! deep. It says what is built in, and plans nothing.
pub mod domain;
mod http;
mod store;

pub use http::routes;
