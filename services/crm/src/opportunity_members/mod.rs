//! Who works on an opportunity beside its owner (CRM-20, 50): `requested → joined → released`. Whoever has joined may read the
//! opportunity, whosever it is; they may do with it what their roles let them do.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::has_joined;
