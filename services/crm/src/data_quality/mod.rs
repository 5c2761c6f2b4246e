//! Keeping customer data right (CRM-31): rules say how long data is trusted, a job opens a task for each customer that nobody has
//! looked at for longer, and people verify it or purge what is not wanted any more. Not the dedupe of leads, which is at intake.
mod consume;
pub mod domain;
mod http;
mod rules;
mod tasks;

pub use consume::open_tasks;
pub use http::routes;
