//! Rules by which an owner is chosen (CRM-25): in turn among people, for everything or for one region. `active → retired`. They
//! choose; whoever asks them is `assignments`.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::active;
