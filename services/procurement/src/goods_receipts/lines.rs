//! The lines of a goods receipt: what the delivery note says, what was counted, what was found. Pure, like `domain`.
use super::domain::GoodsReceiptRule;
use crate::{purchase_orders::domain::PurchaseOrder, schema::goods_receipt_lines, stock::domain::MAIN};
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    Code, Label, Quantity,
    procurement::{
        DiscrepancyKind, DiscrepancyNature, GoodsReceiptId, ImportGoodsReceiptLine, InspectedLine, ItemId,
        NewGoodsReceiptLine, ReceivedLine,
    },
};

/// A line's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = goods_receipt_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    pub id: Uuid,
    pub goods_receipt_id: GoodsReceiptId,
    pub line_number: i32,
    pub purchase_order_line_id: Uuid,
    pub item_id: ItemId,
    pub sku: String,
    pub noted: Quantity,
    pub counted: Option<Quantity>,
    pub quantity_ok: Option<bool>,
    pub appearance_ok: Option<bool>,
    pub specification_ok: Option<bool>,
    pub accepted: Quantity,
    pub rejected: Quantity,
    pub location: String,
    pub remark: Option<String>,
}

/// Something that the inspection found wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub line: LineRow,
    pub nature: DiscrepancyNature,
    pub kind: DiscrepancyKind,
    pub quantity: Quantity,
}

impl LineRow {
    /// What its facts carry.
    pub fn told(&self) -> ReceivedLine {
        let Self { id, purchase_order_line_id, sku, noted, accepted, rejected, .. } = self.clone();
        ReceivedLine { line_id: id, purchase_order_line_id, sku, noted, accepted, rejected }
    }
    /// Goods that are here and were not accepted, and goods that are on the note and not here.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut find = |nature, kind, quantity| found.push(Finding { line: self.clone(), nature, kind, quantity });
        if self.rejected > Quantity::ZERO {
            find(DiscrepancyNature::Rejected, self.fault(), self.rejected);
        }
        let missing = self.noted.get() - self.counted.map_or(self.noted.get(), Quantity::get);
        if missing > Decimal::ZERO {
            find(DiscrepancyNature::Missing, DiscrepancyKind::Quantity, Quantity::new(missing));
        }
        found
    }
    /// The gravest of what is wrong.
    fn fault(&self) -> DiscrepancyKind {
        match (self.specification_ok, self.appearance_ok, self.quantity_ok) {
            (Some(false), _, _) => DiscrepancyKind::Specification,
            (_, Some(false), _) => DiscrepancyKind::Damage,
            (_, _, Some(false)) => DiscrepancyKind::Quantity,
            _ => DiscrepancyKind::Quality,
        }
    }
}

/// What the delivery note lists, or all that is still expected.
pub fn noted(
    id: GoodsReceiptId,
    order: &PurchaseOrder,
    asked: &[NewGoodsReceiptLine],
    mut line_ids: impl FnMut() -> Uuid,
) -> Result<Vec<LineRow>, GoodsReceiptRule> {
    let open = |line: &crate::purchase_orders::OrderLine| (line.id, Quantity::new(line.open()));
    let listed: Vec<(Uuid, Quantity)> = if asked.is_empty() {
        order.lines.iter().map(open).filter(|(_, open)| *open > Quantity::ZERO).collect()
    } else {
        asked.iter().map(|line| (line.purchase_order_line_id, line.noted)).collect()
    };
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(listed.len());
    for (index, (line_id, noted)) in listed.into_iter().enumerate() {
        let line = order.lines.iter().find(|line| line.id == line_id && seen.insert(line_id));
        let Some(line) = line else { return Err(GoodsReceiptRule::OrderLine { line: index }) };
        if noted == Quantity::ZERO {
            return Err(GoodsReceiptRule::Noted { line: index });
        }
        rows.push(row(id, index, line, noted, line_ids()));
    }
    if rows.is_empty() { Err(GoodsReceiptRule::NothingExpected) } else { Ok(rows) }
}

fn row(
    goods_receipt_id: GoodsReceiptId,
    index: usize,
    line: &crate::purchase_orders::OrderLine,
    noted: Quantity,
    id: Uuid,
) -> LineRow {
    LineRow {
        id,
        goods_receipt_id,
        line_number: i32::try_from(index + 1).unwrap_or(i32::MAX),
        purchase_order_line_id: line.id,
        item_id: line.item_id,
        sku: line.sku.clone(),
        noted,
        counted: None,
        quantity_ok: None,
        appearance_ok: None,
        specification_ok: None,
        accepted: Quantity::ZERO,
        rejected: Quantity::ZERO,
        location: MAIN.to_owned(),
        remark: None,
    }
}

/// Writes down what was found: every line, each once, and nothing left over.
pub fn inspected(mut rows: Vec<LineRow>, found: Vec<InspectedLine>) -> Result<Vec<LineRow>, GoodsReceiptRule> {
    if found.len() != rows.len() {
        return Err(GoodsReceiptRule::AllLines { count: rows.len() });
    }
    let mut seen = HashSet::new();
    for (line, one) in found.into_iter().enumerate() {
        let row = rows.iter_mut().find(|row| row.id == one.line_id && seen.insert(one.line_id));
        let Some(row) = row else { return Err(GoodsReceiptRule::ReceiptLine { line }) };
        if one.accepted.get() + one.rejected.get() != one.counted.get() {
            return Err(GoodsReceiptRule::Sum { line });
        }
        if one.quantity_ok != (one.counted == row.noted) {
            return Err(GoodsReceiptRule::QuantityOk { line, noted: row.noted });
        }
        let faultless = one.appearance_ok && one.specification_ok;
        if !faultless && one.rejected == Quantity::ZERO && one.counted > Quantity::ZERO {
            return Err(GoodsReceiptRule::FaultAccepted { line });
        }
        row.counted = Some(one.counted);
        row.quantity_ok = Some(one.quantity_ok);
        row.appearance_ok = Some(one.appearance_ok);
        row.specification_ok = Some(one.specification_ok);
        (row.accepted, row.rejected) = (one.accepted, one.rejected);
        row.location = place(one.location);
        row.remark = one.remark.map(Label::into_string);
    }
    Ok(rows)
}

/// What another system found, by the numbers of the order's lines.
pub fn imported(
    id: GoodsReceiptId,
    order: &PurchaseOrder,
    found: Vec<ImportGoodsReceiptLine>,
    mut line_ids: impl FnMut() -> Uuid,
) -> Result<Vec<LineRow>, GoodsReceiptRule> {
    let count = found.len();
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(count);
    for (index, one) in found.into_iter().enumerate() {
        let ImportGoodsReceiptLine { line_number, accepted, rejected, location } = one;
        let line = order.lines.iter().find(|line| line.line_number == i32::from(line_number));
        let Some(line) = line.filter(|line| seen.insert(line.id)) else {
            return Err(GoodsReceiptRule::LineNumber { line: index });
        };
        let counted = Quantity::new(accepted.get() + rejected.get());
        let faultless = Some(rejected == Quantity::ZERO);
        rows.push(LineRow {
            counted: Some(counted),
            quantity_ok: Some(true),
            appearance_ok: faultless,
            specification_ok: Some(true),
            accepted,
            rejected,
            location: place(location),
            ..row(id, index, line, counted, line_ids())
        });
    }
    if rows.is_empty() { Err(GoodsReceiptRule::AllLines { count: 1 }) } else { Ok(rows) }
}

/// Where nobody says, the main place.
pub fn place(location: Option<Code>) -> String {
    location.map_or_else(|| MAIN.to_owned(), Code::into_string)
}
