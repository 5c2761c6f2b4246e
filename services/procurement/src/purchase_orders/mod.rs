//! A purchase order (PRO-24): `draft → in_approval → approved → sent → acknowledged → partially_received → received →
//! closed`, or `cancelled`; `pending_action` while something is wrong with a delivery. What of it arrived, and never more
//! than was ordered, is decided here under its row lock. Public: the routes and what approvals and deliveries do to it.
mod consume;
pub mod domain;
mod http;
mod import;
mod lines;
mod show;
mod sourced;
pub(crate) mod store;

pub use consume::approval_decided;
pub use lines::LineRow as OrderLine;
#[cfg(test)]
pub(crate) use lines::{imported, rows};

/// The routes.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    http::routes(config);
    import::routes(config);
}
