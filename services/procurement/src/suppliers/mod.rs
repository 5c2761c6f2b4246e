//! A supplier: `prospective → qualified ⇄ probation, suspended`, from each of them `→ eliminated` (PRO-10, PRO-13), from where
//! only a new qualification leads back. Whether we may buy there in a category says `store::qualified` (PRO-15).
mod consume;
pub mod domain;
mod http;
pub(crate) mod store;

pub use consume::remind;
pub(crate) use http::eliminate;
pub use http::routes;
