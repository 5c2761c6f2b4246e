//! When which part of a price is to be paid (CON-20). Refuses terms out of their bounds; counts no days.
use crate::{Label, Rate, words::words};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Parts that a price is paid in, at most.
pub const MOST_TERMS: usize = 20;
/// Days between the trigger and the last day to pay, at most.
pub const MOST_DUE_DAYS: u16 = 365;
/// Days between acceptance and the last day to pay, where nothing else is agreed.
const DEFAULT_DUE_DAYS: u16 = 30;

words!(
    /// What makes a payment due (CON-20).
    PaymentTrigger {
        Signed => "signed" "合同签署" "Signed",
        Shipped => "shipped" "发货" "Shipped",
        Delivered => "delivered" "签收" "Delivered",
        Accepted => "accepted" "验收" "Accepted",
    }
);

/// A part of the gross that falls due with an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentTerm {
    /// What people call this part: 预付款, 尾款.
    pub label: Label,
    pub trigger: PaymentTrigger,
    /// Share of the gross; all shares of a document add up to 1.
    pub share: Rate,
    /// Days after the trigger.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365)]
    pub due_days: u16,
}

/// What is wrong with payment terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermFault {
    /// More than [`MOST_TERMS`], or one due later than [`MOST_DUE_DAYS`] after its trigger.
    Bounds,
    /// The shares add up to this.
    Shares { sum: Decimal },
}

/// Payment terms within their bounds, their shares adding up to exactly 1; [`default_terms`] where none are given.
pub fn terms(list: Vec<PaymentTerm>) -> Result<Vec<PaymentTerm>, TermFault> {
    if list.is_empty() {
        return Ok(default_terms());
    }
    if list.len() > MOST_TERMS || list.iter().any(|term| term.due_days > MOST_DUE_DAYS) {
        return Err(TermFault::Bounds);
    }
    let sum: Decimal = list.iter().map(|term| term.share.get()).sum();
    if sum == Decimal::ONE { Ok(list) } else { Err(TermFault::Shares { sum }) }
}

/// All of it, [`DEFAULT_DUE_DAYS`] after acceptance.
#[must_use]
pub fn default_terms() -> Vec<PaymentTerm> {
    let label = format!("验收后 {DEFAULT_DUE_DAYS} 天内付款 / within {DEFAULT_DUE_DAYS} days of acceptance");
    let label: Label = label.parse().expect("a constant, short and printable");
    let (trigger, share) = (PaymentTrigger::Accepted, Rate::new(Decimal::ONE));
    vec![PaymentTerm { label, trigger, share, due_days: DEFAULT_DUE_DAYS }]
}
