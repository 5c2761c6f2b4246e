//! Registrations of customers (CRM-42 … CRM-47, CRM-49): `preparing → submitted → entered → auto_checked → in_review →
//! cross_checked → documents_verified → approved → completed`; what is returned or rejected is corrected and comes again; until it
//! is approved it may be `withdrawn`. Four
//! pairs of eyes: who enters neither reviews nor verifies nor approves. Not the card: that is `membership_cards`.
mod check;
mod consume;
pub mod domain;
mod eyes;
mod http;
mod store;

pub use consume::approval_decided;
pub use http::routes;
pub use store::of_account;
