//! Target lists (重点开发客户名单): `draft → approved → active → closed` (CRM-10). People put leads and customers on them, by name or out
//! of a segment; not computed, as segments are.
pub mod domain;
mod http;
mod members;
mod store;

pub use http::routes;
