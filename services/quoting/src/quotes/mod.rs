//! A quote: `draft → pending_approval → approved → issued ⇄ negotiating → accepted | rejected | expired | withdrawn`;
//! a revision takes the place of the one before (`superseded`). Public: the routes, the reactions, the job.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::{approval_decided, consumers, expire_due};
pub use http::routes;
