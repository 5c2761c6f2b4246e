//! Channels by which customers come (CRM-06): reference data with the days between which it holds. Never deleted: leads
//! name them by code.
pub mod domain;
mod http;
mod store;

pub use domain::check;
pub use http::routes;
pub use store::{by_code, list};
