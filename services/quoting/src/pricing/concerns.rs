//! What a priced quote comes to, and whether more people would be asked than the usual ones (QUO-05, 18). Pure.
use super::{
    domain::{Asked, PricingRule, Sources, priced},
    floor::below,
};
use crate::margins::{Floor, Margin};
use rust_decimal::Decimal;
use wire::{
    Amount, Currency, Money,
    line::{MOST_LINES, line_net},
    quoting::{MarginStatus, PriceConcern, PriceLine, PricedLine, PricedMargin, PricedQuote},
};

/// A locked sheet's total, for those who may know costs.
pub type Cost = (Amount, Currency);

/// Line by line, and in all.
pub fn quote(
    asked: &Asked,
    sources: &Sources,
    lines: Vec<PriceLine>,
    cost: Option<Cost>,
    floor: Floor,
) -> Result<PricedQuote, PricingRule> {
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(PricingRule::Lines { count: lines.len() });
    }
    let lines = lines.into_iter().enumerate().map(|(index, line)| one(asked, sources, index, line));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let total = lines.iter().try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.net.get()));
    let total = Amount::new(total.filter(|total| *total < Amount::LIMIT).ok_or(PricingRule::Large)?);
    let money = |amount| Money::new(amount, asked.currency);
    let here = cost.filter(|(_, currency)| *currency == asked.currency).map(|(cost, _)| cost);
    let margin = Margin { net: total, cost: here };
    let mut concerns = Vec::new();
    if lines.iter().any(|line| line.below_floor) {
        concerns.push(PriceConcern::BelowFloor);
    }
    if lines.iter().any(|line| line.pricing.floor_unknown) {
        concerns.push(PriceConcern::FloorUnknown);
    }
    if margin.status(floor) == MarginStatus::Breached {
        concerns.push(PriceConcern::LowMargin);
    }
    if cost.is_some() && here.is_none() {
        concerns.push(PriceConcern::CostElsewhere);
    }
    let margin = here.zip(margin.amount()).map(|(cost, left)| PricedMargin {
        cost: money(cost),
        margin: money(left),
        margin_rate: margin.rate(),
        floor: floor.floor,
    });
    Ok(PricedQuote {
        account_id: asked.account_id,
        tier: asked.tier,
        currency: asked.currency,
        day: asked.day,
        pricing_policy_id: sources.policy.id,
        pricing_policy_revision: sources.policy.revision,
        lines,
        total: money(total),
        margin,
        approval_required: !concerns.is_empty(),
        concerns,
    })
}

fn one(asked: &Asked, sources: &Sources, index: usize, line: PriceLine) -> Result<PricedLine, PricingRule> {
    let PriceLine { sku, quantity, unit_price, discount_rate } = line;
    let sku = sku.into_string();
    if !sources.products.contains_key(&sku) {
        return Err(PricingRule::Sku { line: index, sku });
    }
    if quantity.get().is_zero() {
        return Err(PricingRule::Quantity { line: index });
    }
    if unit_price.is_some_and(|price| price.get() < Decimal::ZERO) {
        return Err(PricingRule::Price { line: index });
    }
    let pricing = priced(asked, sources, &sku, quantity, unit_price);
    let pricing =
        pricing.ok_or_else(|| PricingRule::Unpriced { line: index, sku: sku.clone(), currency: asked.currency })?;
    let net = line_net(quantity, pricing.unit_price, discount_rate, asked.currency);
    let below_floor = below(pricing.floor, pricing.unit_price, discount_rate);
    let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
    Ok(PricedLine { line_number, sku, quantity, net, below_floor, pricing })
}

#[cfg(test)]
#[path = "concerns_tests.rs"]
mod tests;
