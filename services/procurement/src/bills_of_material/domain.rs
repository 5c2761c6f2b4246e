//! The rules of bills of material (ORD-15, QUO-04). Pure: no async, no clock, no SQL; items are handed in by sku.
use crate::{
    by_ref::{MOST_REFS, united},
    schema::{bill_lines, bills_of_material},
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use std::collections::HashMap;
use wire::{
    Day, ExternalRef, Moment, Quantity,
    json::Kept,
    procurement::{
        BillOfMaterialId, BillOfMaterialStatus as Status, ItemId, NewBillLine, NewBillOfMaterial, SalePeriod,
    },
};

/// Lines and sale periods a bill holds at most.
const MOST_LINES: usize = 500;
const MOST_PERIODS: usize = 50;

/// The row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = bills_of_material, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: BillOfMaterialId,
    pub status: Status,
    pub item_id: ItemId,
    pub sku: String,
    pub sold: Kept<Vec<SalePeriod>>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub created_at: Moment,
    pub version: i32,
}

/// A component's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = bill_lines, treat_none_as_default_value = false)]
pub struct Line {
    pub bill_id: BillOfMaterialId,
    pub line_number: i32,
    pub item_id: ItemId,
    pub sku: String,
    pub quantity: Quantity,
    pub unit: String,
    pub effective_from: Day,
    pub effective_until: Option<Day>,
}

/// A bill with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BillOfMaterial {
    pub head: Head,
    pub lines: Vec<Line>,
}
platform::entity!(BillOfMaterial, "bill_of_material", BillOfMaterialId; row: head, case: none, unowned);

/// Items by sku.
pub type Items = HashMap<String, ItemId>;

platform::rules!(
    /// Why a bill is refused.
    BillRule {
        Lines { count: usize } => "bill_of_material.lines", Invalid, "a bill has at most 500 lines, not {count}", "物料清单最多 500 行，实际为 {count} 行", at "/lines";
        Periods { count: usize } => "bill_of_material.sold", Invalid, "at most 50 times of sale, not {count}, none ending before it begins", "销售期最多 50 段（现为 {count} 段），且结束不得早于开始", at "/sold";
        UnknownItem { index: usize, sku: String } => "bill_of_material.unknown_item", Invalid, "there is no item {sku}", "没有编号为 {sku} 的物料", at "/lines/{index}/sku";
        Quantity { index: usize } => "bill_of_material.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{index}/quantity";
        Period { index: usize } => "bill_of_material.period", Invalid, "it ends before it begins", "结束日期早于开始日期", at "/lines/{index}/effective_until";
        Overlap { index: usize, sku: String } => "bill_of_material.overlap", Invalid, "{sku} stands in the bill already at that time", "{sku} 在该期间已列入清单", at "/lines/{index}";
        Itself { index: usize, sku: String } => "bill_of_material.cycle", Conflict, "{sku} is itself put together from this assembly", "{sku} 本身由该装配件组成，形成循环", at "/lines/{index}/sku";
        Taken { sku: String } => "bill_of_material.taken", Conflict, "{sku} has a bill already; replace or retire it", "{sku} 已有物料清单，请修改或停用", at "/sku";
        SkuFixed { sku: String } => "bill_of_material.sku_fixed", Invalid, "a bill stays that of {sku}", "该清单所属装配件为 {sku}，不可更改", at "/sku";
        Refs => "bill_of_material.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
    }
);

impl Machine for BillOfMaterial {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "bill_of_material",
        transitions: &[
            Transition::new("retire", &["active"], &["retired"]),
            Transition::automatic("upsert", &["active"], &["active"]),
        ],
        labels: Status::labels(),
    };
}

impl BillOfMaterial {
    /// A new one. `above` are the items that the assembly is built into, however deep, and itself.
    pub fn draw_up(
        id: BillOfMaterialId,
        item: ItemId,
        new: NewBillOfMaterial,
        items: &Items,
        above: &[ItemId],
        by: &Stamp,
    ) -> Result<Change<Self>, BillRule> {
        let head = Head {
            id,
            status: Status::Active,
            item_id: item,
            sku: new.sku.to_string(),
            sold: Kept(Vec::new()),
            external_refs: Kept(Vec::new()),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", Self { head, lines: Vec::new() }.stated(new, items, above)?))
    }
    /// An upsert of one that is there: all of it is replaced; `None` if that changes nothing.
    pub fn replace(
        self,
        new: NewBillOfMaterial,
        items: &Items,
        above: &[ItemId],
    ) -> platform::Result<Option<Change<Self>>> {
        if new.sku.as_str() != self.head.sku {
            return Err(BillRule::SkuFixed { sku: self.head.sku }.into());
        }
        let wanted = self.clone().stated(new, items, above)?;
        if wanted == self {
            return Ok(None);
        }
        self.may("upsert")?;
        Ok(Some(Change::new("upsert", wanted.next())))
    }
    /// It is built no more, or by another bill.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        let mut next = self.next();
        next.head.status = Status::Retired;
        Ok(Change::new("retire", next))
    }

    fn stated(mut self, new: NewBillOfMaterial, items: &Items, above: &[ItemId]) -> Result<Self, BillRule> {
        let NewBillOfMaterial { sku: _, lines, sold, external_refs } = new;
        if lines.len() > MOST_LINES {
            return Err(BillRule::Lines { count: lines.len() });
        }
        if sold.len() > MOST_PERIODS || sold.iter().any(|time| time.until.is_some_and(|until| until < time.from)) {
            return Err(BillRule::Periods { count: sold.len() });
        }
        self.lines.clear();
        for (index, line) in lines.into_iter().enumerate() {
            let line = self.line(index, line, items, above)?;
            self.lines.push(line);
        }
        self.head.sold = Kept(sold);
        self.head.external_refs = Kept(united(self.head.external_refs.0, external_refs));
        if self.head.external_refs.0.len() > MOST_REFS {
            return Err(BillRule::Refs);
        }
        Ok(self)
    }
    fn line(&self, index: usize, new: NewBillLine, items: &Items, above: &[ItemId]) -> Result<Line, BillRule> {
        let NewBillLine { sku, quantity, unit, effective_from, effective_until } = new;
        let sku = sku.into_string();
        let Some(&item_id) = items.get(&sku) else { return Err(BillRule::UnknownItem { index, sku }) };
        if above.contains(&item_id) {
            return Err(BillRule::Itself { index, sku });
        }
        if quantity <= Quantity::ZERO {
            return Err(BillRule::Quantity { index });
        }
        if effective_until.is_some_and(|until| until < effective_from) {
            return Err(BillRule::Period { index });
        }
        let beside = |other: &&Line| {
            other.item_id == item_id
                && other.effective_until.is_none_or(|until| until >= effective_from)
                && effective_until.is_none_or(|until| until >= other.effective_from)
        };
        if self.lines.iter().any(|other| beside(&other)) {
            return Err(BillRule::Overlap { index, sku });
        }
        let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
        let (bill_id, unit) = (self.head.id, unit.into_string());
        Ok(Line { bill_id, line_number, item_id, sku, quantity, unit, effective_from, effective_until })
    }
    fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
