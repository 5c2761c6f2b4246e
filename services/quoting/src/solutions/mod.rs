//! Technical solutions: `draft → in_review → approved → submitted → accepted | rejected`; a revision takes the place of the one
//! before (`superseded`) (QUO-01, 02, 03, 12). Refuses prices: those are the quote's. A solution reaches the customer and is
//! decided about in a proposal only.
mod coverage;
pub mod domain;
mod http;
mod review;
mod store;

pub use http::routes;
pub use store::find;
