//! The lines of a contract, and what each payment term comes to (ruling 7). Pure.
use super::domain::ContractRule;
use crate::schema::contract_lines;
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, Currency, Quantity, Rate,
    contracts::ContractId,
    line::{self, Line, LineFault, NewLine, PaymentTerm, TermFault, Totals},
};

/// A line's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    pub id: Uuid,
    pub contract_id: ContractId,
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
    fn of(contract_id: ContractId, line: Line) -> Self {
        let Line { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax } = line;
        Self { id, contract_id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax }
    }
}
impl From<LineRow> for Line {
    fn from(row: LineRow) -> Self {
        let LineRow {
            id,
            contract_id: _,
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

/// Lines as another document has them, to the cent; they get ids of their own.
pub fn taken_over(contract_id: ContractId, lines: Vec<Line>, ids: impl Fn() -> Uuid) -> Vec<LineRow> {
    lines.into_iter().map(|line| LineRow::of(contract_id, Line { id: ids(), ..line })).collect()
}

/// Lines as someone asks for them, computed.
pub fn asked(
    contract_id: ContractId,
    lines: Vec<NewLine>,
    currency: Currency,
    ids: impl Fn() -> Uuid,
) -> Result<Vec<LineRow>, ContractRule> {
    Ok(line::priced(lines, currency, ids)?.into_iter().map(|line| LineRow::of(contract_id, line)).collect())
}

impl From<LineFault> for ContractRule {
    fn from(fault: LineFault) -> Self {
        match fault {
            LineFault::Count { count } => Self::Lines { count },
            LineFault::Quantity { line } => Self::Quantity { line },
            LineFault::Price { line } => Self::Price { line },
            LineFault::TooLarge => Self::TooLarge,
        }
    }
}
impl From<TermFault> for ContractRule {
    fn from(fault: TermFault) -> Self {
        match fault {
            TermFault::Bounds => Self::Terms,
            TermFault::Shares { sum } => Self::Shares { sum },
        }
    }
}

/// Header sums.
pub fn totals(lines: &[LineRow], currency: Currency) -> Totals {
    line::totals(lines.iter().map(|line| (line.net, line.tax)), currency)
}

/// The gross in parts by their shares: each the difference of two rounded running sums, so that none is negative and
/// together they are the gross to the cent.
pub fn split(gross: Amount, currency: Currency, terms: &[PaymentTerm]) -> Vec<Amount> {
    let mut share = Decimal::ZERO;
    let mut before = Decimal::ZERO;
    let part = |term: &PaymentTerm| {
        share += term.share.get();
        let up_to_here = if share == Decimal::ONE { gross.get() } else { currency.round(gross.get() * share) };
        let part = up_to_here - before;
        before = up_to_here;
        Amount::new(part)
    };
    terms.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::line::PaymentTrigger;

    fn parts(gross: &str, shares: &[&str]) -> Vec<String> {
        let term = |share: &&str| PaymentTerm {
            label: "part".parse().unwrap(),
            trigger: PaymentTrigger::Signed,
            share: share.parse().unwrap(),
            due_days: 0,
        };
        let terms: Vec<PaymentTerm> = shares.iter().map(term).collect();
        split(gross.parse().unwrap(), Currency::CNY, &terms).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn con_20_parts_add_up_to_the_cent_and_none_is_negative() {
        assert_eq!(parts("100000.01", &["0.3", "0.6", "0.1"]), ["30000.00", "60000.01", "10000.00"]);
        assert_eq!(parts("0.02", &["0.3", "0.3", "0.3", "0.1"]), ["0.01", "0.00", "0.01", "0.00"]);
        assert_eq!(parts("0.01", &["0.3333", "0.3333", "0.3334"]), ["0.00", "0.01", "0.00"]);
        assert_eq!(parts("99.99", &["1"]), ["99.99"]);
    }
}
