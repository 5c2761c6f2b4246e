//! Campaigns: `draft → approved → running → closed`, with budget and spending (CRM-36), the people they reached, and which leads came
//! by them (CRM-37). Spending more than the budget is told, not refused. Not the leads.
pub mod domain;
mod http;
mod show;
mod store;
mod touchpoints;

pub use http::routes;
