//! A customer's profile and decision chain as resources of their own (CRM-11). The rules are the customer's
//! (`accounts::profile`): both are parts of its row and share its version.
mod http;

pub use http::routes;
