//! Follow-ups (CRM-26): `due → done`, and where nobody does it `→ overdue → escalated`, rung by rung: its owner hears of it, then
//! the manager, then a colleague has it. Made by plans, never by hand.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::{cancel_open, escalate};
pub use http::routes;
