//! The revisions of a quote, and what changed from one to another (QUO-10). Refuses to change any. Public: the routes.
pub mod domain;
mod http;

pub use http::routes;
