//! Receipts of money (CON-27): `recorded → allocated`, or `reversed`. What they pay, and never more, is decided here
//! under row locks (ruling 9). Public: the routes.
pub mod domain;
mod http;
mod store;

pub use http::routes;
