//! When an order needs a written contract (CON-18): published policies, the judgement of one order, the clauses that a
//! contract of such an amount must have. Public: the routes, and what contracts asks.
mod domain;
mod http;
mod store;

pub use domain::{Policy, RequirementRule};
pub use http::routes;
pub use store::{demanded, in_force};
