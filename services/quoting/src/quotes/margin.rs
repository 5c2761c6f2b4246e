//! What a quote leaves over its locked costs, what is told where that is too little (QUO-18), and why more people are asked about
//! it than the usual ones. Pure; the arithmetic is `margins`', the reasons are `pricing`'s.
use super::{domain::Quote, lines::LineRow};
use crate::{
    margins::{Floor, Margin},
    pricing::approval,
};
use wire::{
    Money,
    quoting::{MarginStatus, PriceConcern, QuoteMarginBreached},
};

impl Quote {
    /// What it leaves over its locked costs.
    #[must_use]
    pub fn margin(&self) -> Margin {
        Margin { net: self.head.net, cost: self.basis.cost }
    }
    /// Why more people are asked about it than the usual ones.
    #[must_use]
    pub fn concerns(&self, floor: Floor) -> Vec<PriceConcern> {
        approval::concerns(self.lines.iter().map(LineRow::standing), self.margin(), floor)
    }
    /// What is told where that is below the floor.
    pub(super) fn breach(&self, floor: Floor) -> Option<QuoteMarginBreached> {
        let margin = self.margin();
        let cost = margin.known_cost().filter(|_| margin.status(floor) == MarginStatus::Breached)?;
        let money = |amount| Money::new(amount, self.head.currency);
        Some(QuoteMarginBreached {
            quote_id: self.head.id,
            number: self.head.number.clone(),
            revision: self.head.revision,
            net: money(margin.net),
            cost: money(cost),
            margin_rate: margin.rate(),
            floor: floor.floor,
            floor_version: floor.version,
            pricing_policy_revision: floor.pricing_policy_revision,
        })
    }
}
