//! Sales targets: `draft → approved → active → closed`, of a person, team or department (CRM-34). How far one is, is counted from what
//! was won, ordered and accepted (`figures`), never typed in.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::of_subject;
