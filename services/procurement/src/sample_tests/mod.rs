//! A sample test (PRO-20): `requested → received → testing → passed | failed`, or `cancelled`. Where two quotes are too far
//! apart, nobody is awarded whose latest test has not passed.
pub mod domain;
mod http;
pub(crate) mod store;

pub use http::routes;
