//! A supplier's qualification in a category: `applied → qualified → expired`, or `rejected` (PRO-11). Who applies does not
//! decide; the supplier's own status is its own matter, except that an eliminated one comes back this way (PRO-13).
mod consume;
pub mod domain;
mod http;
mod store;

pub use consume::expire_due;
pub(crate) use consume::lapse_all;
pub use http::routes;
