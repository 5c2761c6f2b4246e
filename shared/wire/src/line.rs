//! The lines of commercial documents and their arithmetic: the same in a quote, a contract and an order, so that
//! their totals can only be equal (ruling 7). Line net is rounded half to even to the minor unit, tax is rounded per
//! line, the header is the sum. Refuses nothing: what is out of bounds never became a `Quantity`, `Amount` or `Rate`.
use crate::{Amount, Code, Currency, Label, Money, Quantity, Rate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A line as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    pub sku: Code,
    /// Shown to the customer; the product's name if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Label>,
    /// More than 0.
    pub quantity: Quantity,
    /// Net, for one unit, in the document's currency.
    pub unit_price: Amount,
    /// Share taken off the net, 0 if absent.
    #[serde(default)]
    pub discount_rate: Rate,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
}

/// A line as it stands in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// 1, 2, 3 … within its document.
    pub line_number: i32,
    pub sku: String,
    pub description: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub discount_rate: Rate,
    pub tax_rate: Rate,
    /// quantity × unit price × (1 − discount), rounded.
    pub net: Amount,
    /// net × tax rate, rounded.
    pub tax: Amount,
}

/// What a document comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    pub net: Money,
    pub tax: Money,
    /// net + tax: what the gates look at (D-15).
    pub gross: Money,
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
}
