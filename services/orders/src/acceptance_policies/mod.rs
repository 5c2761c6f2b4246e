//! What the customer's silence means (D-13), as versioned data: the last version counts for new invitations, and each
//! invitation keeps what it was sent under. Nothing is accepted silently but where a version says so.
pub mod domain;
mod http;
mod store;

pub use http::routes;

pub(crate) use store::in_force;
