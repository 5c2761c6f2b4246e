//! Contract templates (CON-03): `draft → approved → retired`; an approval retires the revision before.
//! Public: the routes, and the template that a contract is drafted from.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::{find, standard};
