//! Loyalty of customers (CRM-53): counted from the confirmed orders and answered surveys of which crm has heard, and kept once a quarter.
//! Nobody types it in.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::take_snapshot;
pub use http::routes;
