//! Meetings (CRM-59, 60): `scheduled → held → minuted → closed`, one row each; those of a series follow each other. What is to be done
//! afterwards is `action_items`'.
mod call;
pub mod domain;
mod http;
mod store;

pub use call::call_next;
pub use http::routes;
pub use store::seen;
