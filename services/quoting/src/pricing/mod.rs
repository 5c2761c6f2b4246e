//! Prices: from a list price, or a book's, through the rules of the policy to what a customer is offered, with every step
//! (QUO-05). Refuses to keep anything: quotes keep what their lines were priced by. Public: the route, what prices are made of,
//! the function that makes them, and
//! who decides about what they come to.
pub mod approval;
mod concerns;
pub mod domain;
mod floor;
mod http;
mod steps;
mod store;

pub use domain::{Asked, PricingRule, Sources, priced, priced_by_card};
pub use floor::below;
pub use http::routes;
pub use store::{customer, sources};
