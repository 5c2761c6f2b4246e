//! A product: `draft → active → retired`, told to the other services while it is on sale. Refuses stock and purchase
//! prices: those are procurement's items. Public: the routes, and what quotes ask of the catalogue.
pub mod domain;
mod http;
mod store;

pub use domain::Listed;
pub use http::routes;
pub use store::{Catalogue, by_sku, catalogue, find, units};
