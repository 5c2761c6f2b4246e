//! Reviewers' comments (CON-07): `open → resolved → verified`. Open ones keep a draft from being submitted again, those
//! not verified keep a review from passing. Public: the routes.
pub mod domain;
mod http;
mod store;

pub use http::routes;
