//! The lines of a requisition: what may stand in one, and what they come to. Pure, like `domain`.
use super::domain::RequisitionRule;
use crate::{items::domain::Item, schema::requisition_lines};
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Amount, Code, Currency, Day, Quantity, Rate,
    line::{self, Totals},
    procurement::{ItemStatus, NewRequisitionLine, RequisitionId},
};

/// A line's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = requisition_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    pub id: Uuid,
    pub requisition_id: RequisitionId,
    pub line_number: i32,
    pub sku: Option<String>,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    pub estimated_unit_price: Amount,
    pub tax_rate: Rate,
    pub net: Amount,
    pub tax: Amount,
    pub purpose: String,
    pub needed_on: Option<Day>,
    pub order_line_id: Option<Uuid>,
}

/// A line that names what it wants in full, before it is numbered and computed.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Nothing for what is no item of ours.
    pub sku: Option<String>,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    /// 0 while nobody knows.
    pub estimated_unit_price: Amount,
    pub tax_rate: Rate,
    pub purpose: String,
    pub needed_on: Option<Day>,
    pub order_line_id: Option<Uuid>,
}

/// Fills in what the items say that the lines name by sku; `catalogue` is by sku.
pub fn resolved(
    lines: Vec<NewRequisitionLine>,
    catalogue: &HashMap<String, Item>,
    currency: Currency,
) -> Result<Vec<Asked>, RequisitionRule> {
    lines.into_iter().enumerate().map(|(index, line)| one(index, line, catalogue, currency)).collect()
}

fn one(
    index: usize,
    new: NewRequisitionLine,
    catalogue: &HashMap<String, Item>,
    currency: Currency,
) -> Result<Asked, RequisitionRule> {
    let NewRequisitionLine {
        sku,
        name,
        specification,
        unit,
        quantity,
        estimated_unit_price,
        tax_rate,
        purpose,
        needed_on,
        order_line_id,
    } = new;
    let item = match &sku {
        None => None,
        Some(sku) => {
            let found = catalogue.get(sku.as_str()).filter(|item| item.status == ItemStatus::Active);
            Some(found.ok_or_else(|| RequisitionRule::Sku { line: index, sku: sku.to_string() })?)
        }
    };
    if item.is_none() && (name.is_none() || specification.is_none() || unit.is_none()) {
        return Err(RequisitionRule::Named { line: index });
    }
    let (item_name, item_unit) = item.map(|item| (item.name.clone(), item.unit.clone())).unwrap_or_default();
    let price = item.and_then(Item::price).filter(|price| price.currency == currency);
    Ok(Asked {
        sku: sku.map(Code::into_string),
        name: name.map_or(item_name, wire::Name::into_string),
        specification: specification.map_or_else(String::new, wire::Label::into_string),
        unit: unit.map_or(item_unit, Code::into_string),
        quantity,
        estimated_unit_price: estimated_unit_price.or(price.map(|price| price.amount)).unwrap_or(Amount::ZERO),
        tax_rate,
        purpose: purpose.into_string(),
        needed_on,
        order_line_id,
    })
}

/// The rows of these lines, numbered and computed, within their bounds.
pub fn rows(
    requisition_id: RequisitionId,
    asked: Vec<Asked>,
    currency: Currency,
    mut ids: impl FnMut() -> Uuid,
) -> Result<Vec<LineRow>, RequisitionRule> {
    if asked.is_empty() || asked.len() > line::MOST_LINES {
        return Err(RequisitionRule::Lines { count: asked.len() });
    }
    let row = |(index, asked)| row(requisition_id, index, asked, currency, ids());
    let rows = asked.into_iter().enumerate().map(row).collect::<Result<Vec<_>, _>>()?;
    if totals(&rows, currency).gross.amount.get() < Amount::LIMIT { Ok(rows) } else { Err(RequisitionRule::Large) }
}

fn row(
    requisition_id: RequisitionId,
    index: usize,
    asked: Asked,
    currency: Currency,
    id: Uuid,
) -> Result<LineRow, RequisitionRule> {
    let Asked {
        sku,
        name,
        specification,
        unit,
        quantity,
        estimated_unit_price,
        tax_rate,
        purpose,
        needed_on,
        order_line_id,
    } = asked;
    if quantity.get().is_zero() {
        return Err(RequisitionRule::Quantity { line: index });
    }
    if estimated_unit_price.get().is_sign_negative() {
        return Err(RequisitionRule::Price { line: index });
    }
    let net = line::line_net(quantity, estimated_unit_price, Rate::ZERO, currency);
    // One line this large settles it, and the sum of 500 of them might not fit.
    if net.get() >= Amount::LIMIT {
        return Err(RequisitionRule::Large);
    }
    let tax = line::line_tax(net, tax_rate, currency);
    let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
    Ok(LineRow {
        id,
        requisition_id,
        line_number,
        sku,
        name,
        specification,
        unit,
        quantity,
        estimated_unit_price,
        tax_rate,
        net,
        tax,
        purpose,
        needed_on,
        order_line_id,
    })
}

/// Header sums.
pub fn totals(lines: &[LineRow], currency: Currency) -> Totals {
    line::totals(lines.iter().map(|line| (line.net, line.tax)), currency)
}

/// The first line, counted from 1, of which nobody knows yet what it costs.
pub fn unpriced(lines: &[LineRow]) -> Option<i32> {
    lines.iter().find(|line| line.estimated_unit_price.get() == Decimal::ZERO).map(|line| line.line_number)
}
