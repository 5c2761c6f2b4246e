//! Service levels: what customers are promised by kind and severity (SVC-03, SVC-04), and who has to see to a ticket after
//! so many loops (SVC-09). Data of the deployment; read here, changed by migrations.
mod http;
pub(crate) mod store;

pub use http::routes;
pub use store::{Policy, Tier};
