//! The pricing policy: versions of ordered rules, published once and never edited; the greatest that has come into effect holds
//! (QUO-05). Refuses to price anything: `pricing` does. Public: the routes, and the version that holds on a day.
pub mod domain;
mod http;
mod store;

pub use domain::PricingPolicy;
pub use http::routes;
pub use store::in_force;
