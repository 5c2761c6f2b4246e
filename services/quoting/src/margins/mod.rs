//! Margins (QUO-18): what a quote leaves over its locked costs, and the floor below which one approver more is asked.
//! Refuses to convert currencies and to guess: without a locked sheet in the quote's currency the margin is unknown.
pub mod domain;
mod http;
mod store;

pub use domain::{Cost, Floor, Margin};
pub use http::routes;
pub use store::{floor, floor_for};
