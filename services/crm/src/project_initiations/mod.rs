//! Project initiations (CRM-54, 55, 57): `draft → submitted → scored → in_approval → approved → numbered`. Rejected or scored
//! too low, an application may be revised, and is scored anew. Not the project itself: what is numbered is the business of
//! whoever carries it out.
mod consume;
pub mod domain;
#[cfg(test)]
pub mod for_tests;
mod http;
mod missing;
mod store;

pub use consume::approval_decided;
pub use http::routes;
pub use missing::Incomplete;
