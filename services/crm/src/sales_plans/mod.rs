//! Sales plans: `draft → approved → executing → reviewed` (CRM-35). Not the targets that they name: those stand by themselves.
pub mod domain;
mod http;
mod store;

pub use http::routes;
