//! The lines of a quote: what may stand in one, and what they come to. Pure, like `domain`.
use super::{domain::QuoteRule, traces::TraceRow};
use crate::{
    pricing::{Asked, Sources, approval::LineStanding, below, priced, priced_by_card},
    rate_cards::RateCard,
    schema::quote_lines,
};
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Amount, Currency, Label, Quantity, Rate,
    json::Kept,
    line::{self, Line, LineFault, NewLine, TermFault, Totals},
    quoting::{
        LineKind, LinePricing, LineVerified, NewQuoteLine, NewServiceEstimate, QuoteId, QuoteLine, RateCardId,
        ServiceEstimate,
    },
};

/// A line's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = quote_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    pub id: Uuid,
    pub quote_id: QuoteId,
    pub line_number: i32,
    pub sku: String,
    pub description: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub discount_rate: Rate,
    pub tax_rate: Rate,
    pub net: Amount,
    pub tax: Amount,
    pub kind: LineKind,
    /// Of a service, and of it alone.
    pub rate_card_id: Option<RateCardId>,
    pub deviation_reason: Option<String>,
    /// Somebody set its price by hand.
    pub manual: bool,
    /// The least unit price that needs no further approver.
    pub price_floor: Option<Amount>,
    /// There is one, and nobody can figure it.
    pub floor_unknown: bool,
}

/// A line that may be quoted, with its price.
#[derive(Debug, Clone)]
pub struct Offered {
    pub line: NewLine,
    pub pricing: LinePricing,
    pub service: Option<Service>,
}
/// What makes a line one of hours.
#[derive(Debug, Clone)]
pub struct Service {
    pub rate_card_id: RateCardId,
    pub deviation_reason: Option<String>,
}

impl LineRow {
    fn of(quote_id: QuoteId, line: Line, pricing: &LinePricing, service: Option<Service>) -> Self {
        let Line { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax } = line;
        let kind = if service.is_some() { LineKind::Service } else { LineKind::Product };
        let (rate_card_id, deviation_reason) =
            service.map_or((None, None), |service| (Some(service.rate_card_id), service.deviation_reason));
        Self {
            id,
            quote_id,
            line_number,
            sku,
            description,
            quantity,
            unit_price,
            discount_rate,
            tax_rate,
            net,
            tax,
            kind,
            rate_card_id,
            deviation_reason,
            manual: pricing.manual,
            price_floor: pricing.floor,
            floor_unknown: pricing.floor_unknown,
        }
    }
    /// How it stands to its least price.
    pub fn standing(&self) -> LineStanding {
        LineStanding {
            below_floor: below(self.price_floor, self.unit_price, self.discount_rate),
            floor_unknown: self.floor_unknown,
        }
    }
}
impl From<LineRow> for QuoteLine {
    fn from(row: LineRow) -> Self {
        let (kind, manual, price_floor, floor_unknown) = (row.kind, row.manual, row.price_floor, row.floor_unknown);
        let service = row.rate_card_id.map(|rate_card_id| ServiceEstimate {
            rate_card_id,
            est_hours: row.quantity,
            rate: row.unit_price,
            deviation_reason: row.deviation_reason.clone(),
        });
        Self { line: row.into(), kind, manual, price_floor, floor_unknown, service }
    }
}
impl From<LineRow> for Line {
    fn from(row: LineRow) -> Self {
        let LineRow {
            id,
            quote_id: _,
            line_number,
            sku,
            description,
            quantity,
            unit_price,
            discount_rate,
            tax_rate,
            net,
            tax,
            kind: _,
            rate_card_id: _,
            deviation_reason: _,
            manual: _,
            price_floor: _,
            floor_unknown: _,
        } = row;
        Self { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax }
    }
}

/// Rate cards that lines name, by id.
pub type Cards = HashMap<RateCardId, RateCard>;

/// Only what is on sale can be quoted; a line without a description takes the product's name, one without a price the policy's
/// (QUO-05) or its rate card's (QUO-11).
pub(super) fn offered(
    lines: Vec<NewQuoteLine>,
    asked: &Asked,
    sources: &Sources,
    cards: &Cards,
) -> Result<Vec<Offered>, QuoteRule> {
    lines.into_iter().enumerate().map(|(index, line)| offer(index, line, asked, sources, cards)).collect()
}

fn offer(
    index: usize,
    line: NewQuoteLine,
    asked: &Asked,
    sources: &Sources,
    cards: &Cards,
) -> Result<Offered, QuoteRule> {
    let NewQuoteLine { kind, sku, description, quantity, unit_price, discount_rate, tax_rate, service } = line;
    let Some(product) = sources.products.get(sku.as_str()) else {
        return Err(QuoteRule::Sku { line: index, sku: sku.into_string() });
    };
    if (kind == Some(LineKind::Service)) != service.is_some() {
        return Err(QuoteRule::Kind { line: index });
    }
    let description = description.or_else(|| product.name.parse().ok());
    let made =
        |quantity, unit_price| NewLine { sku: sku.clone(), description, quantity, unit_price, discount_rate, tax_rate };
    if let Some(service) = service {
        if unit_price.is_some() || quantity.is_some_and(|quantity| quantity != service.est_hours) {
            return Err(QuoteRule::Hours { line: index });
        }
        let hours = service.est_hours;
        let named = sku.as_str();
        let (pricing, service) = hourly(index, named, service, discount_rate, (asked, sources, cards))?;
        return Ok(Offered { line: made(hours, pricing.unit_price), pricing, service: Some(service) });
    }
    let quantity = quantity.ok_or(QuoteRule::Quantity { line: index })?;
    let pricing = priced(asked, sources, sku.as_str(), quantity, unit_price);
    let none = || QuoteRule::NoPrice { line: index, sku: sku.to_string(), currency: asked.currency };
    let pricing = pricing.ok_or_else(none)?;
    Ok(Offered { line: made(quantity, pricing.unit_price), pricing, service: None })
}

/// An hour's price: the card's, or another one with a reason. A discount on the line makes it another one, too.
fn hourly(
    index: usize,
    sku: &str,
    service: NewServiceEstimate,
    discount_rate: Rate,
    (asked, sources, cards): (&Asked, &Sources, &Cards),
) -> Result<(LinePricing, Service), QuoteRule> {
    let NewServiceEstimate { rate_card_id, est_hours, rate, deviation_reason } = service;
    let card = cards.get(&rate_card_id).filter(|card| card.holds(asked.currency, asked.day));
    let card = card.ok_or(QuoteRule::Card { line: index })?;
    let hour = rate.unwrap_or(card.hourly_rate).get() * (Decimal::ONE - discount_rate.get());
    if hour != card.hourly_rate.get() && deviation_reason.is_none() {
        return Err(QuoteRule::Deviation { line: index, rate: card.hourly_rate });
    }
    let by_hand = rate.filter(|rate| *rate != card.hourly_rate);
    let deviation_reason = deviation_reason.map(Label::into_string);
    let pricing = priced_by_card(asked, sources, sku, est_hours, card, by_hand);
    Ok((pricing, Service { rate_card_id, deviation_reason }))
}

/// The rows of these lines, computed, and of how their prices came about.
pub(super) fn rows(
    quote_id: QuoteId,
    offered: Vec<Offered>,
    currency: Currency,
    ids: impl FnMut() -> Uuid,
) -> Result<(Vec<LineRow>, Vec<TraceRow>), QuoteRule> {
    let (lines, rest): (Vec<_>, Vec<_>) =
        offered.into_iter().map(|Offered { line, pricing, service }| (line, (pricing, service))).unzip();
    let lines = line::priced(lines, currency, ids)?;
    let row = |(line, (pricing, service)): (Line, (LinePricing, Option<Service>))| {
        let line = LineRow::of(quote_id, line, &pricing, service);
        let trace = TraceRow { line_id: line.id, quote_id, pricing: Kept(pricing) };
        (line, trace)
    };
    Ok(lines.into_iter().zip(rest).map(row).unzip())
}

impl From<LineFault> for QuoteRule {
    fn from(fault: LineFault) -> Self {
        match fault {
            LineFault::Count { count } => Self::Lines { count },
            LineFault::Quantity { line } => Self::Quantity { line },
            LineFault::Price { line } => Self::Price { line },
            LineFault::TooLarge => Self::Large,
        }
    }
}
impl From<TermFault> for QuoteRule {
    fn from(fault: TermFault) -> Self {
        match fault {
            TermFault::Bounds => Self::Terms,
            TermFault::Shares { sum } => Self::Shares { sum },
        }
    }
}

/// Header sums.
pub(super) fn totals(lines: &[LineRow], currency: Currency) -> Totals {
    line::totals(lines.iter().map(|line| (line.net, line.tax)), currency)
}

/// What differs between a quoted line and one that someone is about to order.
pub(super) fn compare(index: usize, quoted: Option<&LineRow>, asked: Option<&NewLine>) -> LineVerified {
    let sku = quoted.map(|q| q.sku.clone()).or(asked.map(|a| a.sku.to_string())).unwrap_or_default();
    let differences: Vec<String> = match (quoted, asked) {
        (Some(q), Some(a)) => [
            ("sku", q.sku == a.sku.as_str()),
            ("quantity", q.quantity == a.quantity),
            ("unit_price", q.unit_price == a.unit_price),
            ("discount_rate", q.discount_rate == a.discount_rate),
            ("tax_rate", q.tax_rate == a.tax_rate),
        ]
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(field, _)| field.to_owned())
        .collect(),
        (Some(_), None) => vec!["missing".into()],
        (None, _) => vec!["not_quoted".into()],
    };
    LineVerified { line_number: number(index), sku, matches: differences.is_empty(), differences }
}

fn number(index: usize) -> i32 {
    i32::try_from(index + 1).unwrap_or(i32::MAX)
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
