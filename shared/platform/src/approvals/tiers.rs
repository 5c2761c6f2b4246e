//! Which chain of steps an amount needs (PLT-02, D-01): tiers are intervals over the amount, tax included. Pure.
//! Refuses to guess: a gap is refused when the policy is published, and an amount nobody told is the highest tier's,
//! and so is one in a foreign currency: bounds are in the base currency.
use super::rules::{ApprovalRule, Step, staffable};
use crate::auth::Role;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use wire::{Amount, approval::StepMode};

/// One end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub amount: Amount,
    /// Does the tier hold the amount itself?
    pub included: bool,
}

/// Amounts from one bound to the other, and who decides on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    pub from: Bound,
    /// Absent: without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Bound>,
    pub steps: Vec<Step>,
}

/// A version of a policy, as it decides: tiers ascending, without gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    pub tiers: Vec<Tier>,
    /// A tier also needs the steps of all tiers below it.
    pub cumulative: bool,
}

/// Who is asked about one amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Index of the tier that decides: above the amount's own where only the maker could have decided.
    pub tier: usize,
    pub steps: Vec<Step>,
}

impl Tiers {
    /// One chain for every amount.
    pub fn flat(steps: Vec<Step>) -> Self {
        let from = Bound { amount: Amount::ZERO, included: true };
        Self { tiers: vec![Tier { from, to: None, steps }], cumulative: false }
    }

    /// As it is stored: a version has steps for every amount, or tiers.
    pub fn read(steps: Vec<Step>, tiers: Vec<Tier>, cumulative: bool) -> Self {
        if tiers.is_empty() { Self::flat(steps) } else { Self { tiers, cumulative } }
    }

    /// The same tiers, each with these steps as well.
    #[must_use]
    pub fn and(mut self, steps: &[Step]) -> Self {
        self.tiers.iter_mut().for_each(|tier| tier.steps.extend_from_slice(steps));
        self
    }

    /// The tier an amount falls into. Nothing to pay is the lowest tier's, an unknown amount the highest's.
    pub fn select(&self, amount: Option<Decimal>) -> usize {
        let highest = self.tiers.len().saturating_sub(1);
        let Some(amount) = amount else { return highest };
        let reaches = |tier: &Tier| match tier.to {
            None => true,
            Some(to) => amount < to.amount.get() || (to.included && amount == to.amount.get()),
        };
        self.tiers.iter().position(reaches).unwrap_or(highest)
    }

    /// The steps of a tier, with those of the tiers below where they add up; none is asked that another one implies.
    pub fn chain(&self, tier: usize) -> Vec<Step> {
        let lowest = if self.cumulative { 0 } else { tier };
        let all: Vec<&Step> = self.tiers.iter().take(tier + 1).skip(lowest).flat_map(|tier| &tier.steps).collect();
        let needed = |(n, step): &(usize, &&Step)| {
            // Of two that imply each other the first is asked.
            !all.iter()
                .enumerate()
                .any(|(other, by)| other != *n && implies(by, step) && (other < *n || !implies(step, by)))
        };
        all.iter().enumerate().filter(needed).map(|(_, step)| (**step).clone()).collect()
    }

    /// The chain for an amount. A seat that only the maker could fill falls away and the next tier decides too
    /// (ruling 17); refused where there is nobody, or no next tier.
    pub fn resolve(
        &self,
        amount: Option<Decimal>,
        people: &[(String, Vec<Role>)],
        maker: &str,
    ) -> Result<Chain, ApprovalRule> {
        let own = self.select(amount);
        let (steps, vacant) = self.seated(own, people, maker)?;
        let Some(refusal) = vacant else { return Ok(Chain { tier: own, steps }) };
        for tier in own + 1..self.tiers.len() {
            let (steps, _) = self.seated(tier, people, maker)?;
            if self.adds(tier, &steps) {
                return Ok(Chain { tier, steps });
            }
        }
        Err(refusal)
    }

    /// A tier's chain without the seats that only the maker could fill, and the first refusal because of those.
    fn seated(
        &self,
        tier: usize,
        people: &[(String, Vec<Role>)],
        maker: &str,
    ) -> Result<(Vec<Step>, Option<ApprovalRule>), ApprovalRule> {
        let (mut steps, mut vacant) = (Vec::new(), None);
        for step in self.chain(tier) {
            let roles = staffable(&step, people, maker)?;
            if roles != step.roles {
                vacant.get_or_insert(ApprovalRule::nobody(&step));
            }
            if !roles.is_empty() {
                steps.push(Step { roles, ..step });
            }
        }
        Ok((steps, vacant))
    }

    /// The first step of a tier's chain that `frozen` does not hold whole, looking back at a question that was asked (a tier
    /// too low is not looked at). A seat may be missing where a tier above the amount's own decides because of it: one of a
    /// step, that the maker could have filled.
    pub fn lacking(&self, amount: Option<Decimal>, tier: usize, frozen: &[Step], maker: &[Role]) -> Option<Step> {
        let own = self.select(amount);
        if tier < own {
            return None;
        }
        let lacks = |step: &Step| {
            if frozen.iter().any(|kept| implies(kept, step)) {
                return false;
            }
            let same = |kept: &&Step| kept.name == step.name && kept.mode == step.mode;
            let missing = |kept: &Step| step.roles.iter().filter(|role| !kept.roles.contains(role)).count();
            let seats = step.roles.len();
            let missing = frozen.iter().filter(same).map(missing).min().unwrap_or(seats);
            let one = match step.mode {
                StepMode::Any => missing == seats,
                StepMode::All => missing == 1,
            };
            missing > 0 && !(tier > own && one && step.roles.iter().any(|role| maker.contains(role)))
        };
        self.chain(tier).into_iter().find(lacks)
    }

    /// Is one of `steps` the tier's own, not one of the tier below?
    fn adds(&self, tier: usize, steps: &[Step]) -> bool {
        let below = self.chain(tier - 1);
        steps.iter().any(|step| !below.iter().any(|lower| implies(lower, step)))
    }
}

/// Does a yes at `by` say yes to `step` as well?
fn implies(by: &Step, step: &Step) -> bool {
    match (by.mode, step.mode) {
        (StepMode::All, StepMode::All) => step.roles.iter().all(|role| by.roles.contains(role)),
        (StepMode::All, StepMode::Any) => step.roles.iter().any(|role| by.roles.contains(role)),
        (StepMode::Any, StepMode::Any) => by.roles.iter().all(|role| step.roles.contains(role)),
        (StepMode::Any, StepMode::All) => step.roles.len() == 1 && by.roles == step.roles,
    }
}

#[cfg(test)]
#[path = "tiers_tests.rs"]
mod tests;
