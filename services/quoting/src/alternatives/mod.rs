//! An alternative: a product that may be offered in another's place, `active → retired` (QUO-14). Refuses to decide that
//! something is short: that is procurement's. Public: the routes.
pub mod domain;
mod http;
mod store;

pub use http::routes;
