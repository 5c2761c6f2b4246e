//! A discrepancy (PRO-31): `opened → supplier_contacted → return | exchange | credit | accept_as_is → closed`. An inspection
//! opens it, or a person who sees something else that is wrong; while one is open its order is `pending_action` (待处理).
pub mod domain;
mod http;
mod show;
mod store;

pub use http::routes;
