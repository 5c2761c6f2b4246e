//! Lines and payment terms of contracts: bounds and exact arithmetic (ruling 7). Pure.
use super::domain::ContractRule;
use crate::schema::contract_lines;
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, Currency, Quantity, Rate,
    contracts::ContractId,
    line::{self, Line, NewLine, Totals},
    quoting::{PaymentTerm, PaymentTrigger},
};

/// Lines a document holds at most.
const MOST_LINES: usize = 500;
/// Parts a price is paid in at most, and days after the trigger.
const MOST_TERMS: usize = 20;
const MOST_DUE_DAYS: u16 = 365;

/// A line's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_lines)]
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
    let row = |line: Line| {
        let Line { id: _, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax } =
            line;
        LineRow {
            id: ids(),
            contract_id,
            line_number,
            sku,
            description,
            quantity,
            unit_price,
            discount_rate,
            tax_rate,
            net,
            tax,
        }
    };
    lines.into_iter().map(row).collect()
}

/// Lines as someone asks for them, computed.
pub fn asked(
    contract_id: ContractId,
    lines: Vec<NewLine>,
    currency: Currency,
    ids: impl Fn() -> Uuid,
) -> Result<Vec<LineRow>, ContractRule> {
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(ContractRule::Lines { count: lines.len() });
    }
    let row = |(index, new): (usize, NewLine)| {
        let NewLine { sku, description, quantity, unit_price, discount_rate, tax_rate } = new;
        if quantity.get().is_zero() {
            return Err(ContractRule::Quantity { line: index });
        }
        if unit_price.get().is_sign_negative() {
            return Err(ContractRule::Price { line: index });
        }
        let net = line::line_net(quantity, unit_price, discount_rate, currency);
        let tax = line::line_tax(net, tax_rate, currency);
        let description = description.map_or_else(|| sku.to_string(), wire::Label::into_string);
        let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
        let sku = sku.into_string();
        Ok(LineRow {
            id: ids(),
            contract_id,
            line_number,
            sku,
            description,
            quantity,
            unit_price,
            discount_rate,
            tax_rate,
            net,
            tax,
        })
    };
    lines.into_iter().enumerate().map(row).collect()
}

/// Header sums.
pub fn totals(lines: &[LineRow], currency: Currency) -> Totals {
    line::totals(lines.iter().map(|line| (line.net, line.tax)), currency)
}

/// All due 30 days after acceptance.
pub fn default_terms() -> Result<Vec<PaymentTerm>, ContractRule> {
    let label = "验收后付款 / on acceptance".parse().map_err(|_| ContractRule::Terms)?;
    Ok(vec![PaymentTerm { label, trigger: PaymentTrigger::Accepted, share: Rate::new(Decimal::ONE), due_days: 30 }])
}

/// Payment terms in their bounds, their shares adding up to 1.
pub fn terms(list: Vec<PaymentTerm>) -> Result<Vec<PaymentTerm>, ContractRule> {
    if list.is_empty() {
        return default_terms();
    }
    if list.len() > MOST_TERMS || list.iter().any(|term| term.due_days > MOST_DUE_DAYS) {
        return Err(ContractRule::Terms);
    }
    let sum: Decimal = list.iter().map(|term| term.share.get()).sum();
    if sum == Decimal::ONE { Ok(list) } else { Err(ContractRule::Shares { sum }) }
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

    #[test]
    fn con_20_shares_add_up_to_one_and_terms_have_bounds() {
        let list = |count: usize, due_days: u16, share: &str| {
            let term = PaymentTerm {
                label: "part".parse().unwrap(),
                trigger: PaymentTrigger::Signed,
                share: share.parse().unwrap(),
                due_days,
            };
            terms(vec![term; count]).map(|list| list.len())
        };
        assert_eq!([list(2, 365, "0.5"), list(20, 0, "0.05")], [Ok(2), Ok(20)]);
        assert_eq!([list(2, 366, "0.5"), list(21, 0, "0.05")], [Err(ContractRule::Terms), Err(ContractRule::Terms)]);
        assert!(matches!(list(2, 0, "0.4999"), Err(ContractRule::Shares { .. })));
        assert!(matches!(list(2, 0, "0.5001"), Err(ContractRule::Shares { .. })));
        assert_eq!(list(0, 0, "1"), Ok(1), "nothing said: all at acceptance");
    }
}
