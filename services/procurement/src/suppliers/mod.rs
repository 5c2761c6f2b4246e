//! A supplier: `prospective → qualified ⇄ suspended`, from each of them `→ eliminated`, which is the end (PRO-10, PRO-13).
pub mod domain;
mod http;
pub(crate) mod store;

pub use http::routes;
