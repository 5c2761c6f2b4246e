//! A supplier's evaluation of one year: `draft → scored → published` (PRO-12). Published below 60 it eliminates the supplier
//! in the same transaction (PRO-13).
pub mod domain;
mod evidence;
mod http;
mod store;

pub use http::routes;
