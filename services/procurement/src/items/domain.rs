//! The rules of items (ruling 9, PRO-39). Pure: no async, no clock, no SQL.
use crate::{
    by_ref::{MOST_REFS, united},
    schema::items,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Amount, Currency, ExternalRef, Moment, Money, Name, Quantity,
    json::Kept,
    procurement::{ItemChanged, ItemId, ItemPatch, ItemSnapshot, ItemStatus as Status, NewItem, SupplierId},
};

/// An item, which is its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = items, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Item {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub status: Status,
    pub product_sku: Option<String>,
    pub preferred_supplier_id: Option<SupplierId>,
    pub purchase_price: Option<Amount>,
    pub purchase_currency: Option<Currency>,
    pub reorder_level: Quantity,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Item, "item", ItemId; row: this, case: none, unowned);

platform::rules!(
    /// Why an item is refused.
    ItemRule {
        SkuTaken { sku: String } => "item.sku_taken", Conflict, "another item is called {sku}", "编号 {sku} 已被其他物料使用", at "/sku";
        SkuFixed { sku: String } => "item.sku_fixed", Invalid, "an item keeps its sku, which is {sku}", "物料编号不可更改，应为 {sku}", at "/sku";
        Price => "item.purchase_price", Invalid, "the purchase price must not be negative", "采购价不能为负", at "/purchase_price/amount";
        Refs => "item.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
    }
);

impl Machine for Item {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "item",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl Item {
    /// A new item.
    pub fn register(id: ItemId, new: NewItem, by: &Stamp) -> Result<Change<Self>, ItemRule> {
        let NewItem {
            sku,
            name,
            unit,
            product_sku,
            preferred_supplier_id,
            purchase_price,
            reorder_level,
            external_refs,
        } = new;
        let (purchase_price, purchase_currency) = price(purchase_price)?;
        let item = Self {
            id,
            sku: sku.into_string(),
            name: name.into_string(),
            unit: unit.into_string(),
            status: Status::Active,
            product_sku: product_sku.map(wire::Code::into_string),
            preferred_supplier_id,
            purchase_price,
            purchase_currency,
            reorder_level,
            external_refs: Kept(bounded(external_refs)?),
            created_at: by.at,
            version: 1,
        };
        let event = item.changed();
        Ok(Change::new("create", item).emit(&event))
    }
    /// Changes what the patch names.
    pub fn update(self, patch: ItemPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let ItemPatch { name, unit, product_sku, preferred_supplier_id, purchase_price, reorder_level } = patch;
        let mut next = self.next();
        next.name = name.map_or(next.name, Name::into_string);
        next.unit = unit.map_or(next.unit, wire::Code::into_string);
        next.product_sku = product_sku.over(next.product_sku, wire::Code::into_string);
        next.preferred_supplier_id = preferred_supplier_id.or(next.preferred_supplier_id);
        if !purchase_price.is_absent() {
            (next.purchase_price, next.purchase_currency) = price(purchase_price.new_value())?;
        }
        next.reorder_level = reorder_level.unwrap_or(next.reorder_level);
        let event = next.changed();
        Ok(Change::new("update", next).emit(&event))
    }
    /// An upsert of an item that is there: all of it is replaced; `None` if that changes nothing.
    pub fn replace(self, new: NewItem) -> platform::Result<Option<Change<Self>>> {
        let NewItem {
            sku,
            name,
            unit,
            product_sku,
            preferred_supplier_id,
            purchase_price,
            reorder_level,
            external_refs,
        } = new;
        if sku.as_str() != self.sku {
            return Err(ItemRule::SkuFixed { sku: self.sku }.into());
        }
        let (purchase_price, purchase_currency) = price(purchase_price)?;
        let wanted = Self {
            name: name.into_string(),
            unit: unit.into_string(),
            product_sku: product_sku.map(wire::Code::into_string),
            preferred_supplier_id,
            purchase_price,
            purchase_currency,
            reorder_level,
            external_refs: Kept(bounded(united(self.external_refs.0.clone(), external_refs))?),
            ..self.clone()
        };
        if wanted == self {
            return Ok(None);
        }
        self.may("update")?;
        let next = wanted.next();
        let event = next.changed();
        Ok(Some(Change::new("upsert", next).emit(&event)))
    }
    /// We no longer buy it.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        let mut next = self.next();
        next.status = Status::Retired;
        let event = next.changed();
        Ok(Change::new("retire", next).emit(&event))
    }
    /// What orders call it.
    pub fn sold_as(&self) -> &str {
        self.product_sku.as_deref().unwrap_or(&self.sku)
    }
    /// What one unit costs us, as far as it is known.
    pub fn price(&self) -> Option<Money> {
        Some(Money { amount: self.purchase_price?, currency: self.purchase_currency? })
    }

    fn changed(&self) -> ItemChanged {
        let Self { id, sku, name, unit, status, version, .. } = self.clone();
        ItemChanged(ItemSnapshot { id, sku, name, unit, status: status.to_string(), version })
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn price(money: Option<Money>) -> Result<(Option<Amount>, Option<Currency>), ItemRule> {
    match money {
        Some(money) if money.amount < Amount::ZERO => Err(ItemRule::Price),
        Some(money) => Ok((Some(money.amount), Some(money.currency))),
        None => Ok((None, None)),
    }
}

fn bounded(refs: Vec<ExternalRef>) -> Result<Vec<ExternalRef>, ItemRule> {
    if refs.len() <= MOST_REFS { Ok(refs) } else { Err(ItemRule::Refs) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
