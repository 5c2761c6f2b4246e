//! Ratings of people by people, each with its reason (KPI-06, KPI-07): what no count can say of skill and teamwork. A rating belongs to
//! whoever is rated; not a survey of customers, those are aftersales'.
pub mod domain;
mod http;
mod store;

pub use http::routes;
