//! Inquiries (CRM-40, 41): `new → responded → converted` into a lead, an opportunity or a ticket, or `closed`; with questions asked
//! back on the way. What came in, not what becomes of it: that is its own document.
mod convert;
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::of_accounts;
