//! What lines come to: line net is rounded half to even to the minor unit, tax is rounded per line, the header is the sum
//! (ruling 7). Refuses lines out of their bounds; knows no products.
use super::{Line, NewLine, Totals};
use crate::{Amount, Currency, Label, Money, Quantity, Rate};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Lines a document holds at most.
pub const MOST_LINES: usize = 500;

/// What is wrong with lines that somebody asks for; `line` counts from 0, as a JSON pointer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// None at all, or more than [`MOST_LINES`].
    Count { count: usize },
    /// The quantity is 0.
    Quantity { line: usize },
    /// The unit price is negative.
    Price { line: usize },
    /// The gross is not below [`Amount::LIMIT`].
    TooLarge,
}

/// Lines as they are asked for, numbered and computed, within their bounds; one without a description shows its sku.
pub fn priced(lines: Vec<NewLine>, currency: Currency, mut ids: impl FnMut() -> Uuid) -> Result<Vec<Line>, LineFault> {
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(LineFault::Count { count: lines.len() });
    }
    let lines = lines.into_iter().enumerate().map(|(index, new)| one(index, new, currency, ids()));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let gross = totals(lines.iter().map(|line| (line.net, line.tax)), currency).gross.amount;
    if gross.get() < Amount::LIMIT { Ok(lines) } else { Err(LineFault::TooLarge) }
}

fn one(index: usize, new: NewLine, currency: Currency, id: Uuid) -> Result<Line, LineFault> {
    let NewLine { sku, description, quantity, unit_price, discount_rate, tax_rate } = new;
    if quantity.get().is_zero() {
        return Err(LineFault::Quantity { line: index });
    }
    if unit_price.get().is_sign_negative() {
        return Err(LineFault::Price { line: index });
    }
    let net = line_net(quantity, unit_price, discount_rate, currency);
    // Nothing is negative, so one line this large settles it; and the sum of 500 of them might not fit in a `Decimal`.
    if net.get() >= Amount::LIMIT {
        return Err(LineFault::TooLarge);
    }
    let tax = line_tax(net, tax_rate, currency);
    let description = description.map_or_else(|| sku.to_string(), Label::into_string);
    let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
    let sku = sku.into_string();
    Ok(Line { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax })
}

/// Net of one line.
#[must_use]
pub fn line_net(quantity: Quantity, unit_price: Amount, discount_rate: Rate, currency: Currency) -> Amount {
    Amount::new(currency.round(quantity.get() * unit_price.get() * (Decimal::ONE - discount_rate.get())))
}

/// Tax of one line.
#[must_use]
pub fn line_tax(net: Amount, tax_rate: Rate, currency: Currency) -> Amount {
    Amount::new(currency.round(net.get() * tax_rate.get()))
}

/// Sums lines' `(net, tax)`.
#[must_use]
pub fn totals(lines: impl IntoIterator<Item = (Amount, Amount)>, currency: Currency) -> Totals {
    let (net, tax) = lines.into_iter().fold((Decimal::ZERO, Decimal::ZERO), |(net, tax), (line_net, line_tax)| {
        (net + line_net.get(), tax + line_tax.get())
    });
    let money = |value: Decimal| Money::new(Amount::new(value), currency);
    Totals { net: money(net), tax: money(tax), gross: money(net + tax) }
}
