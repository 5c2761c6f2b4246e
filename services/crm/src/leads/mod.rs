//! Leads: `new → screened → contacted → qualified → converted`, with `disqualified`, `merged` and the `pooled` ones that anyone of
//! the department may claim (CRM-01, 07, 08, 09, 13). A lead opens the case of its deal. Not customers: those are what a
//! lead becomes.
mod consume;
mod convert;
pub mod domain;
mod http;
mod intake;
mod intake_all;
mod merge;
mod pool;
mod scrub;
mod store;
mod twins;

pub use consume::rescore;
pub use http::routes;
pub use intake::{Duplicate, take_in};
pub use intake_all::take_in_all;
pub use pool::{pass_on, return_idle};
pub use store::{find, forget_reports, of_accounts, open_of};
