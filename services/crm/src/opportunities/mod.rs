//! Opportunities: `open` along the stages of a pipeline, then `won`, `lost` or `invalid`; a closed one may be reopened
//! (CRM-02, 14, 15). One that did not come from a lead opens a case of its own.
mod around;
mod consume;
pub mod domain;
#[cfg(test)]
pub mod for_tests;
mod http;
mod named;
mod register;
mod rivals;
mod stages;
mod store;

pub use consume::consumers;
pub use http::routes;
pub use named::{keep_evidence, named, named_open};
pub use register::register;
pub use store::{find, of_account, open_of};
