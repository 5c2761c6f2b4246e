//! The lines of a quote: what may stand in one, and what they come to. Pure, like `domain`.
use super::domain::QuoteRule;
use crate::schema::quote_lines;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Amount, Currency, Quantity, Rate,
    line::{self, Line, LineFault, NewLine, TermFault, Totals},
    quoting::{LineVerified, QuoteId},
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
}

impl LineRow {
    fn of(quote_id: QuoteId, line: Line) -> Self {
        let Line { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax } = line;
        Self { id, quote_id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax }
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
        } = row;
        Self { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax }
    }
}

/// Only what is on sale can be quoted; a line without a description takes the product's name.
/// `catalogue`: sku → name.
pub(super) fn sold(lines: Vec<NewLine>, catalogue: &HashMap<String, String>) -> Result<Vec<NewLine>, QuoteRule> {
    let named = |(index, line): (usize, NewLine)| {
        let Some(name) = catalogue.get(line.sku.as_str()) else {
            return Err(QuoteRule::Sku { line: index, sku: line.sku.into_string() });
        };
        Ok(NewLine { description: line.description.or_else(|| name.parse().ok()), ..line })
    };
    lines.into_iter().enumerate().map(named).collect()
}

/// The rows of these lines, computed.
pub(super) fn rows(
    quote_id: QuoteId,
    lines: Vec<NewLine>,
    currency: Currency,
    ids: impl FnMut() -> Uuid,
) -> Result<Vec<LineRow>, QuoteRule> {
    Ok(line::priced(lines, currency, ids)?.into_iter().map(|line| LineRow::of(quote_id, line)).collect())
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
