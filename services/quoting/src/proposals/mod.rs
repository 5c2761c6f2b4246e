//! Proposals: a solution and 1 to 5 quotes as alternatives, offered together: `draft → submitted ⇄ under_clarification → accepted |
//! declined` (QUO-07, 08, 16). Submitting offers all of them, accepting accepts the solution and one quote and rejects the other
//! quotes, declining rejects all: in one transaction, by the documents' own rules. Refuses prices and texts: those are the
//! quotes' and the solution's.
mod bundle;
pub mod document;
pub mod domain;
mod http;
pub mod pdf;
mod questions;
mod store;
mod units;

pub use bundle::{accept, contents, decline};
pub use http::routes;
pub use store::find;
