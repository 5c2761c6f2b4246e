//! An acceptance (ORD-34, 36, 38): the customer looks over what was delivered: `invited → testing → accepted | rejected`.
//! A rejected one is followed by another invitation; silence leads to what the policy says (D-13).
pub mod domain;
mod http;
pub mod silence;
mod steps;
mod store;

pub use http::routes;
pub use steps::chase_acceptances;
