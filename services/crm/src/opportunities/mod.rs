//! Opportunities: `open` along the stages of a pipeline, then `won`, `lost` or `invalid`; a closed one may be reopened
//! (CRM-02, 14, 15). One that did not come from a lead opens a case of its own.
mod consume;
pub mod domain;
mod http;
mod register;
mod store;

pub use consume::consumers;
pub use http::routes;
pub use register::register;
pub use store::{find, of_account, open_of};
