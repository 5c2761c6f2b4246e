//! CRM: accounts, contacts, leads, opportunities, specifications, the directory of people.
mod accounts;
mod users;

pub use accounts::*;
pub use users::*;
