//! Rate cards: what an hour costs the customer, `active → retired`, never edited (QUO-11). Refuses to know who works: that is a
//! line's business. Public: the routes, and what quotes ask of a card.
pub mod domain;
mod http;
mod store;

pub use domain::RateCard;
pub use http::routes;
pub use store::named;
