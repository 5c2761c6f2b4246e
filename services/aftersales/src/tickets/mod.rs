//! Tickets: `new → triaged → assigned → in_progress → resolved → confirmed → closed`, and `reopened` as often as the
//! customer is not satisfied (SVC-01, 08, 09). The promise to the customer and its clocks stand beside the state (SVC-03,
//! SVC-04). Not who is right: a ticket ends with the customer's word.
mod consume;
pub mod domain;
mod http;
mod intake;
mod show;
pub(crate) mod store;

pub use consume::{breach, consumers, find_unanswered, warn};
pub use http::routes;
pub use intake::open_for_survey;
