//! What a priced quote comes to, and whether more people would be asked than the usual ones (QUO-05, 18). Pure.
use super::{
    approval::{LineStanding, concerns},
    domain::{Asked, PricingRule, Sources, priced},
    floor::below,
};
use crate::margins::{Cost, Floor, Margin};
use rust_decimal::Decimal;
use wire::{
    Amount, Money,
    line::{MOST_LINES, line_net, line_tax, totals},
    quoting::{PriceLine, PricedLine, PricedMargin, PricedQuote},
};

/// Line by line, and in all; who decides about it is still to be looked up.
pub fn quote(
    asked: &Asked,
    sources: &Sources,
    lines: Vec<PriceLine>,
    cost: Cost,
    floor: Floor,
) -> Result<PricedQuote, PricingRule> {
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(PricingRule::Lines { count: lines.len() });
    }
    let lines = lines.into_iter().enumerate().map(|(index, line)| one(asked, sources, index, line));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let sums = totals(lines.iter().map(|line| (line.net, line.tax)), asked.currency);
    if sums.gross.amount.get() >= Amount::LIMIT {
        return Err(PricingRule::Large);
    }
    let margin = Margin { net: sums.net.amount, cost };
    let standing =
        |line: &PricedLine| LineStanding { below_floor: line.below_floor, floor_unknown: line.pricing.floor_unknown };
    let concerns = concerns(lines.iter().map(standing), margin, floor);
    let money = |amount| Money::new(amount, asked.currency);
    let shown = margin.known_cost().zip(margin.amount()).map(|(cost, left)| PricedMargin {
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
        total: sums.net,
        gross: sums.gross,
        margin: shown,
        approval_required: !concerns.is_empty(),
        concerns,
        approval_steps: Vec::new(),
    })
}

fn one(asked: &Asked, sources: &Sources, index: usize, line: PriceLine) -> Result<PricedLine, PricingRule> {
    let PriceLine { sku, quantity, unit_price, discount_rate, tax_rate } = line;
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
    // Nothing is negative, so one line this large settles it; and the sum of 500 of them might not fit in a `Decimal`.
    if net.get() >= Amount::LIMIT {
        return Err(PricingRule::Large);
    }
    let tax = line_tax(net, tax_rate, asked.currency);
    let below_floor = below(pricing.floor, pricing.unit_price, discount_rate);
    let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
    Ok(PricedLine { line_number, sku, quantity, net, tax, below_floor, pricing })
}

#[cfg(test)]
#[path = "concerns_tests.rs"]
mod tests;
