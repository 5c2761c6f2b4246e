//! Links to proposals: shared with one contact of the customer, for some days, until revoked (QUO-07, 08; ruling 16). Whoever
//! holds one reads the proposal, asks, accepts and declines without an account, as `customer:{contact}`. Refuses everything else:
//! a link opens one proposal, and of that what a customer may read.
mod consume;
pub mod domain;
mod guest;
mod http;
mod store;

pub use consume::consumers;

/// Of those who share and revoke, and of those who come by a link.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    http::routes(config);
    guest::routes(config);
}
