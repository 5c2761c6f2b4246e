//! The arithmetic of margins (QUO-18). Pure; exact: the floor is compared without dividing.
use crate::pricing_policies::PricingPolicy;
use rust_decimal::{Decimal, RoundingStrategy};
use wire::{Amount, Currency, Rate, crm::AccountTier, quoting::MarginStatus};

/// The floor that holds: the margin policy's, or the one that the pricing policy names for a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    pub version: i32,
    /// Share of the net price.
    pub floor: Rate,
    /// The version of the pricing policy, where the floor is its.
    pub pricing_policy_revision: Option<i32>,
}
impl Floor {
    /// The pricing policy's floor for customers of this grade, where it names one; otherwise this one.
    #[must_use]
    pub fn of_grade(self, policy: &PricingPolicy, tier: Option<AccountTier>) -> Self {
        match policy.margin_floor(tier) {
            Some(floor) => Self { floor, pricing_policy_revision: Some(policy.revision), ..self },
            None => self,
        }
    }
}

/// What the locked cost sheet of a quote says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// There is none, or nobody has locked it.
    Unknown,
    /// It is in another currency than the quote: what that leaves nobody knows.
    Elsewhere,
    Known(Amount),
}
impl Cost {
    /// Of a sheet with this total, if it is locked, for a quote in `currency`.
    #[must_use]
    pub fn of(locked: Option<(Amount, Currency)>, currency: Currency) -> Self {
        match locked {
            None => Self::Unknown,
            Some((total, of)) if of == currency => Self::Known(total),
            Some(_) => Self::Elsewhere,
        }
    }
}

/// What is left of a net price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Margin {
    pub net: Amount,
    pub cost: Cost,
}

impl Margin {
    /// The cost, where it is known in the quote's currency.
    pub fn known_cost(&self) -> Option<Amount> {
        match self.cost {
            Cost::Known(cost) => Some(cost),
            Cost::Unknown | Cost::Elsewhere => None,
        }
    }
    /// Net price less cost.
    pub fn amount(&self) -> Option<Amount> {
        self.known_cost().map(|cost| Amount::new(self.net.get() - cost.get()))
    }
    /// Its share of the net price, to 4 decimals, half to even; nothing where the price is 0 or the share beyond figures.
    pub fn rate(&self) -> Option<Amount> {
        let share = self.amount()?.get().checked_div(self.net.get())?;
        let rounded = share.round_dp_with_strategy(4, RoundingStrategy::MidpointNearestEven);
        (rounded.abs() < Amount::LIMIT).then_some(Amount::new(rounded))
    }
    /// Below the floor is breached; the floor itself is met (D-04: "低于" excludes the number).
    pub fn status(&self, floor: Floor) -> MarginStatus {
        match self.amount() {
            None => MarginStatus::Unknown,
            Some(left) if self.net.get() <= Decimal::ZERO && left.get() >= Decimal::ZERO => MarginStatus::Met,
            Some(left) if left.get() < floor.floor.get() * self.net.get() => MarginStatus::Breached,
            Some(_) => MarginStatus::Met,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margin(net: &str, cost: &str) -> Margin {
        Margin { net: net.parse().unwrap(), cost: Cost::Known(cost.parse().unwrap()) }
    }
    fn status(net: &str, cost: &str, floor: &str) -> MarginStatus {
        margin(net, cost).status(Floor { version: 1, floor: floor.parse().unwrap(), pricing_policy_revision: None })
    }
    fn rate(net: &str, cost: &str) -> Option<String> {
        margin(net, cost).rate().map(|rate| rate.to_string())
    }

    #[test]
    fn quo_18_the_floor_itself_is_met_and_a_cent_less_is_not() {
        use MarginStatus::{Breached, Met};
        let at = |net| status(net, "950.00", "0.05");
        assert_eq!([at("999.99"), at("1000.00"), at("1000.01")], [Breached, Met, Met]);
        let costing = |cost| status("1000.00", cost, "0.05");
        assert_eq!([costing("949.99"), costing("950.00"), costing("950.01")], [Met, Met, Breached]);
        assert_eq!(status("1000.00", "1000.00", "0"), Met, "no floor: not at a loss is enough");
        assert_eq!(status("1000.00", "1000.01", "0"), Breached);
    }

    #[test]
    fn quo_18_without_locked_costs_the_margin_is_unknown_and_a_gift_is_a_loss() {
        let floor = Floor { version: 1, floor: Rate::ZERO, pricing_policy_revision: None };
        for cost in [Cost::Unknown, Cost::Elsewhere] {
            let unknown = Margin { net: "1".parse().unwrap(), cost };
            assert_eq!(unknown.status(floor), MarginStatus::Unknown);
            assert_eq!((unknown.amount(), unknown.rate()), (None, None));
        }
        assert_eq!(status("0", "0.01", "0"), MarginStatus::Breached);
        assert_eq!((status("0", "0", "0.05"), rate("0", "0.01")), (MarginStatus::Met, None));
    }

    #[test]
    fn quo_18_the_rate_has_four_decimals_and_is_negative_at_a_loss() {
        assert_eq!(rate("3.00", "2.00").as_deref(), Some("0.3333"));
        assert_eq!(rate("1000.00", "950.00").as_deref(), Some("0.05"));
        assert_eq!(rate("100.00", "150.00").as_deref(), Some("-0.50"));
        assert_eq!(rate("0.0001", "99999999999999"), None, "beyond figures");
    }
}
