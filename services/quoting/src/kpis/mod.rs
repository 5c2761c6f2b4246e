//! Key figures of quoting: the profit of what was sold (KPI-02). Refuses to guess: a quote without locked costs in its currency is
//! left out, and counted as left out. Public: the routes.
mod http;
mod store;

pub use http::routes;
