//! The people at a customer: `active → left`; one of them is primary (CRM-29). They belong to whoever looks after the
//! customer.
pub mod domain;
mod http;
mod store;

pub use http::{meet, routes};
pub use store::{named, of_account, primary, working};
