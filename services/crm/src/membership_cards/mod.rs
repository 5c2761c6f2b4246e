//! Cards of registered customers (CRM-48): `requested → produced → mailed → received → activated`, or lost on the way and
//! replaced. With the first activation the registration is complete and the customer active (CRM-49). Not a means of payment.
pub mod domain;
mod http;
mod store;

pub use http::{request, routes};
pub use store::of_account;
