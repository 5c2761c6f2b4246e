//! An order: `draft → submitted → checked → finance_reviewed → confirmed → in_fulfilment → partially_shipped | shipped →
//! delivered → accepted → completed`, or `cancelled` before it ships; holds stand beside the state (ruling 14).
//! Its row is the lock of all that belongs to it: every command on a part locks the order first.
//! Public: routes, reactions, and to the other slices the order itself.
mod consume;
pub mod domain;
mod http;
mod show;
mod store;

pub use consume::consumers;
pub use http::routes;

pub(crate) use http::{named_order, order_of, products_of};
