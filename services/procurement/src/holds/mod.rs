//! A hold: goods set aside for one order, `short ⇄ held → shipped | released`. Public: the routes and the reactions;
//! nobody holds, ships or releases by hand, because orders asks and tells (ruling 9).
mod consume;
pub mod domain;
mod http;
mod plan;
pub(crate) mod store;
mod top_up;

pub use consume::consumers;
pub use http::routes;
