//! Market prices: what competitors and the market ask for the same, `recorded → withdrawn` (QUO-05). Refuses to judge them: the
//! pricing policy says what they do to a price. Public: the routes, and the newest price of each source.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::{MarketPoint, newest};
