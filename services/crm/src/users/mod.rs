//! The directory of people (PLT-23): who works here, in which roles, department and team. The reference is the `sub` of
//! their tokens. Not a login: tokens prove who asks, this says who could be asked.
mod around;
pub mod domain;
mod http;
pub mod people;
mod store;

pub use around::Around;
pub use http::routes;
pub use store::{departments_of, find_active, find_by_reference, named, of_department};
