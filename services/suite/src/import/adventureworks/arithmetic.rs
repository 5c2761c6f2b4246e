//! The sums of a purchase order, as its own columns state them and as ours come out. Pure: refuses an order whose columns
//! contradict each other.
use crate::import::rows::Row;
use rust_decimal::Decimal;
use std::{fmt::Display, str::FromStr};
use wire::{
    Amount, Currency, Quantity, Rate,
    line::{self, Totals},
};

/// A number of the set, which leaves out the zero before the point.
pub(super) fn figure<T: FromStr<Err: Display>>(row: &Row, column: &str) -> Result<T, String> {
    let field = row.needed(column)?;
    let whole = if field.starts_with('.') { format!("0{field}") } else { field.to_owned() };
    whole.parse().map_err(|why| format!("{column} {field:?}: {why}"))
}

/// What is wrong with an order that has no line.
const NO_LINES: &str = "no line of PurchaseOrderDetail.csv names it";

/// A line as the set states it.
pub(super) struct Line<'a> {
    pub row: &'a Row,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub stocked: Quantity,
    pub rejected: Quantity,
}

impl<'a> Line<'a> {
    /// `LineTotal = OrderQty × UnitPrice`, `StockedQty = ReceivedQty − RejectedQty`, and no more received than ordered.
    pub fn read(row: &'a Row) -> Result<Self, String> {
        let quantity: Quantity = figure(row, "OrderQty")?;
        let (unit_price, total): (Amount, Decimal) = (figure(row, "UnitPrice")?, figure(row, "LineTotal")?);
        let [received, rejected, stocked]: [Quantity; 3] =
            [figure(row, "ReceivedQty")?, figure(row, "RejectedQty")?, figure(row, "StockedQty")?];
        let product = quantity.get() * unit_price.get();
        if total != product {
            return Err(format!("LineTotal {total} is not OrderQty × UnitPrice = {product}"));
        }
        if stocked.get() != received.get() - rejected.get() {
            return Err(format!("StockedQty {stocked} is not ReceivedQty {received} − RejectedQty {rejected}"));
        }
        if received > quantity {
            return Err(format!("ReceivedQty {received} is more than OrderQty {quantity}"));
        }
        Ok(Self { row, quantity, unit_price, stocked, rejected })
    }
    /// Has anything of it come?
    pub fn has_come(&self) -> bool {
        self.stocked > Quantity::ZERO || self.rejected > Quantity::ZERO
    }
    fn total(&self) -> Decimal {
        self.quantity.get() * self.unit_price.get()
    }
}

/// What an order comes to.
pub(super) struct Sums {
    /// Of all goods.
    pub tax_rate: Rate,
    /// A line of its own, untaxed (ruling 7).
    pub freight: Amount,
    /// By our arithmetic: each line rounded, then summed.
    pub totals: Totals,
}

impl Sums {
    /// `SubTotal` = Σ `LineTotal`, `TaxAmt` is a rate of it, `TotalDue = SubTotal + TaxAmt + Freight`.
    pub fn of(header: &Row, lines: &[&Line<'_>], currency: Currency) -> Result<Self, String> {
        let [sub_total, tax, freight, due]: [Decimal; 4] = [
            figure(header, "SubTotal")?,
            figure(header, "TaxAmt")?,
            figure(header, "Freight")?,
            figure(header, "TotalDue")?,
        ];
        if lines.is_empty() {
            return Err(NO_LINES.to_owned());
        }
        let sum: Decimal = lines.iter().map(|line| line.total()).sum();
        if sub_total != sum {
            return Err(format!("SubTotal {sub_total} is not the sum of its lines, {sum}"));
        }
        if due != sub_total + tax + freight {
            return Err(format!("TotalDue {due} is not SubTotal + TaxAmt + Freight = {}", sub_total + tax + freight));
        }
        let rate = if sub_total.is_zero() { Decimal::ZERO } else { (tax / sub_total).round_dp(4) };
        if (sub_total * rate - tax).abs() > HALF_A_UNIT {
            return Err(format!("TaxAmt {tax} is no rate of SubTotal {sub_total}"));
        }
        let tax_rate: Rate = rate.to_string().parse().map_err(|why| format!("tax rate {rate}: {why}"))?;
        let freight = Amount::new(freight);
        let amounts = lines.iter().map(|line| {
            let net = line::line_net(line.quantity, line.unit_price, Rate::ZERO, currency);
            (net, line::line_tax(net, tax_rate, currency))
        });
        let carried = Amount::new(currency.round(freight.get()));
        Ok(Self { tax_rate, freight, totals: line::totals(amounts.chain([(carried, Amount::ZERO)]), currency) })
    }
}

/// The set keeps four places.
const HALF_A_UNIT: Decimal = Decimal::from_parts(5, 0, 0, false, 5);
