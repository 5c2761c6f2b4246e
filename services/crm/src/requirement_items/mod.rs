//! What a customer needs, what hurts them and what they hope for, one by one (CRM-17): `open → addressed`, or `dropped` with
//! a reason. Not the specification: an item is what was heard, before and beside it.
pub mod domain;
mod http;
mod store;

pub use http::routes;
