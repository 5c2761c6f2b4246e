//! Quoting: products, cost sheets, quotes.
mod quotes;

pub use quotes::*;
