//! The least price of a line, below which more people are asked than the usual ones (QUO-05, 18). Pure, like `domain`.
use super::domain::{Making, Sources, kept};
use rust_decimal::Decimal;
use wire::{
    Amount, Rate,
    quoting::{PricingRule, PricingRuleKind as Kind},
};

/// Is this unit price, the line's discount taken off, below the least one? The floor itself is not (D-04).
#[must_use]
pub fn below(floor: Option<Amount>, unit_price: Amount, discount_rate: Rate) -> bool {
    floor.is_some_and(|floor| unit_price.get() * (Decimal::ONE - discount_rate.get()) < floor.get())
}

impl Making<'_> {
    /// The least prices of a line that no rule prices: as shares of the list price or of `other`, whichever is more. Where there
    /// is neither, nobody knows.
    pub(super) fn least_of_all(&mut self, sources: &Sources, other: Option<Decimal>) {
        let list = self.list(sources).max(other);
        for rule in &sources.policy.rules.0 {
            if rule.kind == Kind::MinimumPrice && self.concerned(rule) {
                match self.least(rule, list) {
                    Some(least) => self.lift_floor(least),
                    None => self.floor_unknown |= rule.rate.is_some(),
                }
            }
        }
    }

    /// What a rule says is the least; nothing where it has another currency, or a share of a list price that there is not.
    pub(super) fn least(&self, rule: &PricingRule, list: Option<Decimal>) -> Option<Decimal> {
        match (rule.rate, rule.unit_price) {
            (Some(share), _) => Some(kept(list? * share.get())),
            (None, Some(least)) if least.currency == self.asked.currency => Some(least.amount.get()),
            _ => None,
        }
    }
    pub(super) fn lift_floor(&mut self, least: Decimal) {
        self.floor = Some(self.floor.map_or(least, |floor| floor.max(least)));
    }
}
