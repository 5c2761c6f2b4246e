//! Research into requirements (CRM-16): `planned → conducted → recorded`. What it finds goes into a specification by hand:
//! a survey says what somebody heard, a specification what we promise.
pub mod domain;
mod http;
mod store;

pub use http::routes;
