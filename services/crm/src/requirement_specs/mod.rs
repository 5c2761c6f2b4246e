//! Requirement specifications: `draft → submitted ⇄ clarifying`, until the customer confirms (`confirmed`); a later
//! confirmed revision takes the place of the one before (`superseded`) (CRM-18, 19). Quotes may ask for a confirmed one.
mod consume;
mod cover;
pub mod domain;
mod http;
mod store;
pub mod traces;

pub use consume::consumers;
pub use cover::cover;
pub use http::routes;
pub use store::{confirmed, of_account, of_opportunity};
