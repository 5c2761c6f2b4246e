//! Handovers (CRM-51): `planned → active → reverted` at the end of the window, or `permanent`. Decides who passes what on to whom and
//! when, and tells it; the documents are moved by each service itself (`platform::handover`).
mod begin;
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::keep_windows;
pub use http::routes;
