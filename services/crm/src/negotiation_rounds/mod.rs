//! Rounds of negotiation (CRM-23): `open → agreed` when every term has an agreed position, or `failed` with a reason. One
//! round at a time; what was agreed is a record, the contract is contracts' business.
pub mod domain;
mod http;
mod store;

pub use http::routes;
