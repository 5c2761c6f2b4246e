//! A shipment (ORD-22): `planned → picked → packed → labelled → handed_over → in_transit → delivered`, or `exception`,
//! `returned`, `cancelled`. Many may belong to one order; together they never hold more than was ordered.
pub mod domain;
mod http;
mod show;
mod store;

pub use http::routes;
