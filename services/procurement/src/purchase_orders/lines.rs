//! The lines of a purchase order: what may stand in one, what they come to, and whether they are what was awarded. Pure,
//! like `domain`.
use super::domain::PurchaseOrderRule;
use crate::{
    items::domain::Item,
    schema::purchase_order_lines,
    sourcing::{Award, Waived, Wanted},
};
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wire::{
    Amount, Code, Currency, Day, Quantity, Rate,
    line::{self, Line, LineFault, NewLine, Totals},
    procurement::{ImportPurchaseOrderLine, ItemId, NewPurchaseOrderLine, PurchaseOrderId, RequisitionId},
};

/// Calendar days from sending to delivery, at most.
const MOST_LEAD_DAYS: u16 = 3650;

/// A line's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = purchase_order_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    pub id: Uuid,
    pub purchase_order_id: PurchaseOrderId,
    pub line_number: i32,
    pub item_id: ItemId,
    pub sku: String,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub tax_rate: Rate,
    pub net: Amount,
    pub tax: Amount,
    pub requisition_id: Option<RequisitionId>,
    pub requisition_line_id: Option<Uuid>,
    pub lead_time_days: Option<i32>,
    pub due_on: Option<Day>,
    pub received: Quantity,
    pub forgone: Quantity,
}

impl LineRow {
    /// Still expected.
    pub fn open(&self) -> Decimal {
        self.quantity.get() - self.received.get() - self.forgone.get()
    }
}

/// A line as it is to be ordered, wherever it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub sku: String,
    pub specification: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub tax_rate: Rate,
    pub requisition_id: Option<RequisitionId>,
    pub requisition_line_id: Option<Uuid>,
    pub lead_time_days: Option<i32>,
    pub due_on: Option<Day>,
}

/// Everything that was awarded; `requisitions` says which requisition a line belongs to.
pub fn of_award(award: &Award, requisitions: &HashMap<Uuid, RequisitionId>) -> Vec<Asked> {
    let asked = |line: &crate::sourcing::AwardedLine| Asked {
        sku: line.sku.clone(),
        specification: line.specification.clone(),
        quantity: line.quantity,
        unit_price: Amount::new(line.unit_price),
        tax_rate: line.tax_rate,
        requisition_id: requisitions.get(&line.requisition_line_id).copied(),
        requisition_line_id: Some(line.requisition_line_id),
        lead_time_days: Some(line.lead_time_days),
        due_on: None,
    };
    award.lines.iter().map(asked).collect()
}

/// Lines under a waiver: of its requisitions, each at most once, and with what is `ordered` already never more than wanted.
pub fn of_waiver(
    wanted: &[Wanted],
    ordered: &HashMap<Uuid, Decimal>,
    lines: Vec<NewPurchaseOrderLine>,
) -> Result<Vec<Asked>, PurchaseOrderRule> {
    let mut seen = HashSet::new();
    let mut asked = Vec::with_capacity(lines.len());
    for (index, new) in lines.into_iter().enumerate() {
        let id = new.requisition_line_id;
        let known = wanted.iter().find(|wanted| wanted.requisition_line_id == id && seen.insert(id));
        let Some(known) = known else { return Err(PurchaseOrderRule::NotWaived { line: index }) };
        let left = known.quantity.get() - ordered.get(&id).copied().unwrap_or_default();
        if new.quantity.get() > left {
            return Err(PurchaseOrderRule::MoreThanWanted { line: index, left });
        }
        if new.lead_time_days.is_some_and(|days| days > MOST_LEAD_DAYS) {
            return Err(PurchaseOrderRule::LeadTime { line: index });
        }
        asked.push(Asked {
            sku: known.sku.clone(),
            specification: known.specification.clone(),
            quantity: new.quantity,
            unit_price: new.unit_price,
            tax_rate: new.tax_rate,
            requisition_id: Some(known.requisition_id),
            requisition_line_id: Some(id),
            lead_time_days: new.lead_time_days.map(i32::from),
            due_on: new.due_on.or(known.needed_on.filter(|_| new.lead_time_days.is_none())),
        });
    }
    Ok(asked)
}

/// What another system ordered.
pub fn imported(lines: Vec<ImportPurchaseOrderLine>) -> Vec<Asked> {
    let asked = |line: ImportPurchaseOrderLine| {
        let ImportPurchaseOrderLine { sku, specification, quantity, unit_price, tax_rate, due_on } = line;
        Asked {
            sku: sku.into_string(),
            specification: specification.map(wire::Note::into_string).unwrap_or_default(),
            quantity,
            unit_price,
            tax_rate,
            requisition_id: None,
            requisition_line_id: None,
            lead_time_days: None,
            due_on,
        }
    };
    lines.into_iter().map(asked).collect()
}

/// The rows of these lines, computed; every sku is one of the `items`, which we buy.
pub fn rows(
    id: PurchaseOrderId,
    asked: Vec<Asked>,
    currency: Currency,
    items: &HashMap<String, Item>,
    line_ids: impl FnMut() -> Uuid,
) -> Result<Vec<LineRow>, PurchaseOrderRule> {
    let known = |(index, line): (usize, &Asked)| {
        let unknown = || PurchaseOrderRule::UnknownItem { line: index, sku: line.sku.clone() };
        let item = items.get(&line.sku).ok_or_else(unknown)?;
        let sku: Code = line.sku.parse().map_err(|_| unknown())?;
        let Asked { quantity, unit_price, tax_rate, .. } = *line;
        let new = NewLine { sku, description: None, quantity, unit_price, discount_rate: Rate::ZERO, tax_rate };
        Ok((item, new))
    };
    let known: Vec<(&Item, NewLine)> = asked.iter().enumerate().map(known).collect::<Result<_, PurchaseOrderRule>>()?;
    let (items, lines): (Vec<&Item>, Vec<NewLine>) = known.into_iter().unzip();
    let priced = line::priced(lines, currency, line_ids)?;
    Ok(priced.into_iter().zip(items).zip(asked).map(|((line, item), asked)| row(id, line, item, asked)).collect())
}

fn row(purchase_order_id: PurchaseOrderId, line: Line, item: &Item, asked: Asked) -> LineRow {
    let Line { id, line_number, sku, quantity, unit_price, tax_rate, net, tax, description: _, discount_rate: _ } =
        line;
    let Asked { specification, requisition_id, requisition_line_id, lead_time_days, due_on, .. } = asked;
    LineRow {
        id,
        purchase_order_id,
        line_number,
        item_id: item.id,
        sku,
        name: item.name.clone(),
        specification,
        unit: item.unit.clone(),
        quantity,
        unit_price,
        tax_rate,
        net,
        tax,
        requisition_id,
        requisition_line_id,
        lead_time_days,
        due_on,
        received: Quantity::ZERO,
        forgone: Quantity::ZERO,
    }
}

/// Are these lines, one by one, what was awarded: thing, quantity, price, tax (PRO-24)?
pub fn as_awarded(lines: &[LineRow], award: &Award) -> bool {
    lines.len() == award.lines.len()
        && lines.iter().zip(&award.lines).all(|(line, awarded)| {
            line.requisition_line_id == Some(awarded.requisition_line_id)
                && line.sku == awarded.sku
                && line.quantity == awarded.quantity
                && line.unit_price.get() == awarded.unit_price
                && line.tax_rate == awarded.tax_rate
        })
}

/// Does the waiver still cover every line?
pub fn as_waived(lines: &[LineRow], waived: &Waived) -> bool {
    lines.iter().all(|line| line.requisition_id.is_some_and(|id| waived.requisition_ids.contains(&id)))
}

/// May an order of so much stand under the waiver, beside what others under it come to? In its currency, and never above
/// what was approved with it (D-06).
pub fn within(waived: &Waived, currency: Currency, gross: Amount, spent: Decimal) -> Result<(), PurchaseOrderRule> {
    if currency != waived.total.currency {
        return Err(PurchaseOrderRule::OtherCurrency { currency: waived.total.currency });
    }
    let left = waived.total.amount.get() - spent;
    if gross.get() > left { Err(PurchaseOrderRule::AboveWaiver { left }) } else { Ok(()) }
}

/// Header sums.
pub fn totals(lines: &[LineRow], currency: Currency) -> Totals {
    line::totals(lines.iter().map(|line| (line.net, line.tax)), currency)
}

impl From<LineFault> for PurchaseOrderRule {
    fn from(fault: LineFault) -> Self {
        match fault {
            LineFault::Count { count } => Self::Lines { count },
            LineFault::Quantity { line } => Self::Quantity { line },
            LineFault::Price { line } => Self::Price { line },
            LineFault::TooLarge => Self::Large,
        }
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
