//! What customers doubt before they buy (CRM-22): `open → answered → accepted`, or `reopened` where the answer does not do.
//! Not the questions about a specification: those are its clarifications.
pub mod domain;
mod http;
mod store;

pub use http::routes;
