//! Tasks (CRM-61): `received → understood → planned → in_progress → evaluated → submitted → accepted` or `returned` to be done again,
//! and `archived` with what is to be learned. A reminder without a plan is an action item.
pub mod domain;
mod http;
mod store;

pub use http::routes;
