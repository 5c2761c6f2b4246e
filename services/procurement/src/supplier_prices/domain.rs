//! The rules of suppliers' prices (PRO-10, 17). Pure: no async, no clock, no SQL.
use crate::{
    by_ref::{MOST_REFS, united},
    schema::supplier_prices,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Amount, Currency, Day, ExternalRef, Moment, Money, Quantity,
    json::Kept,
    procurement::{
        ItemId, NewSupplierPrice, SupplierId, SupplierPriceId, SupplierPricePatch, SupplierPriceStatus as Status,
    },
};

/// Ten years.
const MOST_LEAD_DAYS: u16 = 3650;

/// A price, which is its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = supplier_prices, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SupplierPrice {
    pub id: SupplierPriceId,
    pub status: Status,
    pub supplier_id: SupplierId,
    pub item_id: ItemId,
    pub sku: String,
    pub price: Amount,
    pub currency: Currency,
    pub unit: String,
    pub lead_time_days: i32,
    pub min_order_quantity: Quantity,
    pub max_order_quantity: Option<Quantity>,
    pub last_cost: Option<Amount>,
    pub last_received_on: Option<Day>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(SupplierPrice, "supplier_price", SupplierPriceId; row: this, case: none, unowned);

platform::rules!(
    /// Why a price is refused.
    SupplierPriceRule {
        Negative => "supplier_price.price", Invalid, "the price must not be negative", "价格不能为负", at "/price/amount";
        LastCost => "supplier_price.last_cost", Invalid, "the last cost must not be negative, and in the currency of the price", "最近成本不能为负，且币种须与价格一致", at "/last_cost";
        LeadTime => "supplier_price.lead_time", Invalid, "the lead time is at most 3650 days", "交货周期不得超过 3650 天", at "/lead_time_days";
        Quantities => "supplier_price.quantities", Invalid, "the most that can be ordered is less than the least", "最大订货量不得小于最小订货量", at "/max_order_quantity";
        Taken { sku: String } => "supplier_price.taken", Conflict, "this supplier has a price for {sku} already; change or retire it", "该供应商已有 {sku} 的价格，请修改或停用", at "/sku";
        Fixed => "supplier_price.fixed", Invalid, "a price keeps its supplier and its item", "价格所属的供应商与物料不可更改", at "/sku";
        Refs => "supplier_price.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
    }
);

impl Machine for SupplierPrice {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "supplier_price",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl SupplierPrice {
    /// A new one; `item` is the one that its sku names.
    pub fn state(
        id: SupplierPriceId,
        item: ItemId,
        new: NewSupplierPrice,
        by: &Stamp,
    ) -> Result<Change<Self>, SupplierPriceRule> {
        let row = Self {
            id,
            status: Status::Active,
            supplier_id: new.supplier_id,
            item_id: item,
            sku: new.sku.to_string(),
            price: Amount::ZERO,
            currency: new.price.currency,
            unit: String::new(),
            lead_time_days: 0,
            min_order_quantity: Quantity::ZERO,
            max_order_quantity: None,
            last_cost: None,
            last_received_on: None,
            external_refs: Kept(Vec::new()),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", row.stated(new)?))
    }
    /// An upsert of one that is there: all of it is replaced; `None` if that changes nothing.
    pub fn replace(self, new: NewSupplierPrice) -> platform::Result<Option<Change<Self>>> {
        if (new.supplier_id, new.sku.as_str()) != (self.supplier_id, self.sku.as_str()) {
            return Err(SupplierPriceRule::Fixed.into());
        }
        let wanted = self.clone().stated(new)?;
        if wanted == self {
            return Ok(None);
        }
        self.may("update")?;
        Ok(Some(Change::new("upsert", wanted.next())))
    }
    /// Changes what the patch names.
    pub fn update(self, patch: SupplierPricePatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let SupplierPricePatch { price, lead_time_days, min_order_quantity, max_order_quantity } = patch;
        let mut next = self.next();
        if let Some(price) = price {
            if next.last_cost.is_some() && price.currency != next.currency {
                return Err(SupplierPriceRule::LastCost.into());
            }
            (next.price, next.currency) = (price.amount, price.currency);
        }
        next.lead_time_days = lead_time_days.map_or(next.lead_time_days, i32::from);
        next.min_order_quantity = min_order_quantity.unwrap_or(next.min_order_quantity);
        next.max_order_quantity = max_order_quantity.or(next.max_order_quantity);
        Ok(Change::new("update", next.sound()?))
    }
    /// The supplier asks it no more.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        let mut next = self.next();
        next.status = Status::Retired;
        Ok(Change::new("retire", next))
    }
    /// What it costs.
    pub fn price(&self) -> Money {
        Money { amount: self.price, currency: self.currency }
    }
    /// What it last came to.
    pub fn last_cost(&self) -> Option<Money> {
        self.last_cost.map(|amount| Money { amount, currency: self.currency })
    }

    fn stated(mut self, new: NewSupplierPrice) -> Result<Self, SupplierPriceRule> {
        let NewSupplierPrice {
            supplier_id: _,
            sku: _,
            price,
            unit,
            lead_time_days,
            min_order_quantity,
            max_order_quantity,
            last_cost,
            last_received_on,
            external_refs,
        } = new;
        if last_cost.is_some_and(|cost| cost.amount < Amount::ZERO || cost.currency != price.currency) {
            return Err(SupplierPriceRule::LastCost);
        }
        (self.price, self.currency, self.unit) = (price.amount, price.currency, unit.into_string());
        self.lead_time_days = i32::from(lead_time_days);
        (self.min_order_quantity, self.max_order_quantity) = (min_order_quantity, max_order_quantity);
        (self.last_cost, self.last_received_on) = (last_cost.map(|cost| cost.amount), last_received_on);
        self.external_refs = Kept(united(self.external_refs.0, external_refs));
        self.sound()
    }
    fn sound(self) -> Result<Self, SupplierPriceRule> {
        if self.price < Amount::ZERO {
            return Err(SupplierPriceRule::Negative);
        }
        if self.lead_time_days > i32::from(MOST_LEAD_DAYS) {
            return Err(SupplierPriceRule::LeadTime);
        }
        if self.max_order_quantity.is_some_and(|most| most < self.min_order_quantity) {
            return Err(SupplierPriceRule::Quantities);
        }
        if self.external_refs.0.len() > MOST_REFS {
            return Err(SupplierPriceRule::Refs);
        }
        Ok(self)
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
