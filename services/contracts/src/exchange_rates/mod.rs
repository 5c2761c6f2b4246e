//! Exchange rates by day, as the banks quote them (ruling 7): they serve gates, never a document's own amounts.
mod domain;
mod http;
mod store;

pub use domain::ExchangeRateRule;
pub use http::routes;
pub use store::convert;
