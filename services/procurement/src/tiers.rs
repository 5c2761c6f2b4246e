//! What stands between a document and its approvers beside the rules of its kind: the tiers are amounts in the base
//! currency, and no rate is kept by which another could be held against them. Knows no document.
use platform::Closed;
use wire::Currency;

/// The currency of the approval tiers.
pub const BASE: Currency = Currency::CNY;

/// Why a document in this currency cannot be submitted, if it cannot.
pub fn closed(currency: Currency) -> Option<Closed> {
    (currency != BASE).then(|| {
        Closed::new(
            "base_currency",
            format!("the approval tiers are in {BASE}, this is in {currency}"),
            format!("审批额度以 {BASE} 计，本单币种为 {currency}"),
        )
        .on(currency)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_01_only_amounts_in_the_currency_of_the_tiers_are_held_against_them() {
        assert!(closed(Currency::CNY).is_none());
        let gate = closed("USD".parse().expect("a currency")).expect("closed");
        assert_eq!((gate.gate, gate.reference.as_deref()), ("base_currency", Some("USD")));
    }
}
