//! Leave to buy without three quotes (D-06): `draft → in_approval → approved → used`, `rejected` (and mended), `cancelled`.
//! One approver, a tier above those of a requisition of the same amount; good for one request for quotation or one order.
mod consume;
pub mod domain;
mod http;
pub mod store;

pub use consume::approval_decided;
pub use http::routes;
