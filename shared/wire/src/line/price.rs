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

#[cfg(test)]
mod tests {
    use super::*;

    fn net(quantity: &str, price: &str, discount: &str) -> String {
        line_net(quantity.parse().unwrap(), price.parse().unwrap(), discount.parse().unwrap(), Currency::CNY)
            .to_string()
    }
    fn asked(quantity: &str, unit_price: &str, tax_rate: &str) -> NewLine {
        NewLine {
            sku: "PUMP-40".parse().unwrap(),
            description: None,
            quantity: quantity.parse().unwrap(),
            unit_price: unit_price.parse().unwrap(),
            discount_rate: Rate::ZERO,
            tax_rate: tax_rate.parse().unwrap(),
        }
    }
    fn outcome(lines: Vec<NewLine>) -> Result<usize, LineFault> {
        priced(lines, Currency::CNY, Uuid::nil).map(|lines| lines.len())
    }

    #[test]
    fn a_line_rounds_half_to_even() {
        assert_eq!(net("3", "0.335", "0"), "1.00"); // 1.005 → 1.00
        assert_eq!(net("1", "1.015", "0"), "1.02"); // 1.015 → 1.02
        assert_eq!(net("12", "14.40", "0.05"), "164.16");
        assert_eq!(net("0.5", "0.01", "0"), "0.00"); // 0.005 → 0.00
    }

    #[test]
    fn the_header_is_the_sum_of_rounded_lines() {
        let lines = [("1.00", "0.13"), ("2.01", "0.26")].map(|(n, t)| (n.parse().unwrap(), t.parse().unwrap()));
        let totals = totals(lines, Currency::CNY);
        assert_eq!(
            (totals.net.to_string(), totals.tax.to_string(), totals.gross.to_string()),
            ("3.01 CNY".into(), "0.39 CNY".into(), "3.40 CNY".into())
        );
    }

    #[test]
    fn lines_are_numbered_named_and_computed() {
        let named = NewLine { description: Some("离心泵".parse().unwrap()), ..asked("12", "14.40", "0.13") };
        let mut ids = (1..).map(Uuid::from_u128);
        let lines = priced(vec![asked("3", "0.335", "0"), named], Currency::CNY, || ids.next().unwrap()).unwrap();
        let shown = |line: &Line| (line.id.as_u128(), line.line_number, line.description.clone());
        assert_eq!([shown(&lines[0]), shown(&lines[1])], [(1, 1, "PUMP-40".into()), (2, 2, "离心泵".into())]);
        assert_eq!([lines[1].net.to_string(), lines[1].tax.to_string()], ["172.80", "22.46"]);
    }

    #[test]
    fn a_document_has_1_to_500_lines() {
        let count = |count: usize| outcome(vec![asked("1", "1", "0"); count]);
        assert_eq!([count(0), count(501)], [0, 501].map(|count| Err(LineFault::Count { count })));
        assert_eq!([count(1), count(500)], [Ok(1), Ok(500)]);
    }

    #[test]
    fn a_quantity_is_more_than_0_and_a_price_not_below_it() {
        let second = |quantity: &str, price: &str| outcome(vec![asked("1", "1", "0"), asked(quantity, price, "0")]);
        assert_eq!([second("0.0001", "0"), second("1", "0")], [Ok(2), Ok(2)]);
        assert_eq!(second("0", "0"), Err(LineFault::Quantity { line: 1 }));
        assert_eq!(second("1", "-0.0001"), Err(LineFault::Price { line: 1 }));
    }

    #[test]
    fn a_document_comes_to_14_digits_at_most_tax_included() {
        let most = "99999999999999.99";
        assert_eq!(outcome(vec![asked("1", most, "0")]), Ok(1));
        assert_eq!(outcome(vec![asked("1", "99999999999999.98", "0"), asked("1", "0.01", "0")]), Ok(2));
        let over = [
            vec![asked("1", most, "0"), asked("1", "0.01", "0")],
            vec![asked("1", most, "0.0001")],
            vec![asked("10", "10000000000000", "0")],
            vec![asked("999999999999.9999", "99999999999999.9999", "1"); 500],
        ];
        assert_eq!(over.map(outcome), [const { Err(LineFault::TooLarge) }; 4]);
    }
}
