//! The pool of leads that nobody works on, 公海 (CRM-01): the limits of each department as rows, and who held a lead until when.
//! What happens to a lead itself is in `leads`.
pub mod domain;
mod http;
mod store;

pub use http::routes;
pub use store::{
    Ending, Holding, begin_holding, claimant, close_holding, end_holding, holdings_of, idle, rule_of, rules,
};
