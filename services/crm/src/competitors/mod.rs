//! Competitors (CRM-04): `active`, or `archived` when they are none any more. Who of them is in a deal stands in the
//! opportunity.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::find;
