//! Key figures of sales people, teams and departments (KPI-03 to KPI-17): each is defined once, counted when it is asked for, and names
//! the records that were counted. Not how they are rewarded.
pub mod domain;
mod http;
mod targets;

pub use http::routes;
