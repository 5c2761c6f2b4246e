//! Assignments (CRM-25): whose a lead, an opportunity or a customer is and has been. `assigned → accepted`, or `declined` with the
//! reason, which gives it back. The owner stands on the row itself; this is how it came there.
mod assign;
pub mod domain;
mod hanging;
mod http;
mod store;

pub use assign::keep_history;
pub use http::routes;
