//! An acceptance (ORD-34, 38): the customer looks over what was delivered: `invited → testing → accepted | rejected`.
//! A rejected one is followed by another invitation; silence accepts nothing (D-13).
pub mod domain;
mod http;
mod store;

pub use http::routes;
