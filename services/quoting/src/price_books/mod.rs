//! A price book: `draft → published → retired`; what is published is never edited, a later book takes its place (QUO-05).
//! Refuses to price anything: `pricing` does. Public: the routes, and the prices that hold for a customer on a day.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::{BookPrice, holding};
