//! A category of suppliers: `active → retired`. A retired one takes no new requisitions and qualifications (PRO-11).
pub mod domain;
mod http;
mod store;

pub use http::routes;
