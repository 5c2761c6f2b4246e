//! A request for quotation (PRO-16 to PRO-21): `draft → sent → quoting → closed → evaluated → awarded`, or `cancelled`.
//! It keeps the requisitions' lines as they are, whom it asked, and what each answered; what the answers come to is
//! computed on each read.
mod comparison;
pub mod domain;
mod http;
mod row;
mod show;
pub mod store;

pub use http::routes;
