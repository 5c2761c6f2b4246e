//! Account plans (客户拓展计划): `draft → active → closed`, goals and actions for one customer (CRM-38). They belong to whoever looks after
//! the customer.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::of_account;
