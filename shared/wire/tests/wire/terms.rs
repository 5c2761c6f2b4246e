//! Payment terms: shares, days, and what holds when nothing is said.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]
use rust_decimal::Decimal;
use wire::line::{PaymentTerm, PaymentTrigger, TermFault, terms};

fn list(count: usize, due_days: u16, share: &str) -> Result<usize, TermFault> {
    let (label, share) = ("part".parse().unwrap(), share.parse().unwrap());
    let term = PaymentTerm { label, trigger: PaymentTrigger::Signed, share, due_days };
    terms(vec![term; count]).map(|list| list.len())
}

#[test]
fn shares_add_up_to_exactly_1() {
    let off = |sum: &str| Err(TermFault::Shares { sum: sum.parse().unwrap() });
    assert_eq!([list(2, 0, "0.5"), list(1, 0, "1")], [Ok(2), Ok(1)]);
    assert_eq!([list(2, 0, "0.4999"), list(2, 0, "0.5001")], [off("0.9998"), off("1.0002")]);
}

#[test]
fn at_most_20_terms_within_365_days() {
    assert_eq!([list(2, 365, "0.5"), list(2, 366, "0.5")], [Ok(2), Err(TermFault::Bounds)]);
    assert_eq!([list(20, 0, "0.05"), list(21, 0, "0.05")], [Ok(20), Err(TermFault::Bounds)]);
}

#[test]
fn nothing_said_is_all_of_it_30_days_after_acceptance() {
    let only = terms(Vec::new()).unwrap().remove(0);
    assert_eq!((only.trigger, only.share.get(), only.due_days), (PaymentTrigger::Accepted, Decimal::ONE, 30));
    assert_eq!(only.label.as_str(), "验收后 30 天内付款 / within 30 days of acceptance", "words and number agree");
}
