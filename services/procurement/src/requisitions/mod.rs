//! A requisition: `draft → in_approval → approved | rejected`, then `→ ordered → closed` as purchase orders cover it
//! (PRO-02, 04, 08, 09). It says what is wanted; from whom and at what price is decided when it is ordered.
mod birth;
mod consume;
mod covering;
pub mod domain;
mod http;
mod lines;
mod row;
pub(crate) mod store;
mod supply;

pub use consume::{approval_decided, consumers, mark_overdue, reorder};
pub use http::routes;
