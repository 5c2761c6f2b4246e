//! Payment milestones (CON-20): `pending → due → partially_paid → paid`, or `waived`; `overdue` stands beside the state.
//! An order is paid by one plan: its contract's, or its own. Public: the routes, the reactions, the plan of a contract.
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::{consumers, link, mark_overdue, plan_contract};
pub use http::routes;
pub use store::lock_plans_of;
