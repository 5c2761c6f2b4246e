//! Leads: `new → screened → contacted → qualified → converted`, with `disqualified` and the `pooled` ones that anyone of
//! the department may claim (CRM-01, 07, 08, 09, 13). A lead opens the case of its deal. Not customers: those are what a
//! lead becomes.
mod consume;
mod convert;
pub mod domain;
mod http;
mod intake;
mod store;

pub use consume::rescore;
pub use http::routes;
pub use intake::{Duplicate, take_in};
pub use store::find;
