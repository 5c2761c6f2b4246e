//! How a step of a price is said, in both languages. Refuses arithmetic.
use wire::Rate;
pub use wire::quoting::Why;

/// A sentence in Chinese and in English.
pub fn why(chinese: String, english: String) -> Why {
    Why { chinese, english }
}

/// `0.05` as `5 %`.
pub fn percent(rate: Rate) -> String {
    format!("{} %", (rate.get() * rust_decimal::Decimal::ONE_HUNDRED).normalize())
}
