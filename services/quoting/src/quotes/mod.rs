//! A quote: `draft → pending_approval → approved → issued ⇄ negotiating → accepted | rejected | expired | withdrawn`;
//! a revision takes the place of the one before (`superseded`). Public: the routes, the reactions, the job, and what cost
//! sheets ask of a quote.
mod consume;
pub mod domain;
#[cfg(test)]
pub mod for_tests;
mod gates;
mod http;
pub mod lines;
mod margin;
mod offer;
mod priced;
mod row;
mod store;
pub mod traces;

pub use consume::{approval_decided, consumers, expire_due};
pub use http::routes;
pub use store::{find, find_all, versions};
