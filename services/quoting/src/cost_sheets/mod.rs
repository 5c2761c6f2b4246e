//! A cost sheet: `draft → submitted → finance_verified → locked`, back to `draft` when finance returns it (QUO-04).
//! Refuses prices: what the customer pays is the quote's. Public: the routes, and what quotes ask of a sheet.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::find;
