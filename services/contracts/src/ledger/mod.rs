//! The register of signed contracts, 合同台账 (CON-16): a read model over contracts and what was paid on them.
//! Nothing is written here. Public: the routes.
mod http;
mod store;

pub use http::routes;
