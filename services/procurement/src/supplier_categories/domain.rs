//! The rules of supplier categories (PRO-11). Pure: no async, no clock, no SQL.
use crate::schema::supplier_categories;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Moment, Name,
    procurement::{NewSupplierCategory, SupplierCategoryId, SupplierCategoryPatch, SupplierCategoryStatus as Status},
};

/// Qualified suppliers that a category can want at least.
const MOST_ACTIVE: u16 = 1000;

/// A category, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = supplier_categories, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SupplierCategory {
    pub id: SupplierCategoryId,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub status: Status,
    pub min_active: i32,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(SupplierCategory, "supplier_category", SupplierCategoryId; row: this, case: none, unowned);

platform::rules!(
    /// Why a category is refused.
    SupplierCategoryRule {
        Taken { code: String } => "supplier_category.code_taken", Conflict, "another category is called {code}", "类别编码 {code} 已被使用", at "/code";
        MinActive => "supplier_category.min_active", Invalid, "min_active is 0 to 1000", "最少合格供应商数应为 0 至 1000", at "/min_active";
    }
);

impl Machine for SupplierCategory {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "supplier_category",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl SupplierCategory {
    /// A new category.
    pub fn open(
        id: SupplierCategoryId,
        new: NewSupplierCategory,
        by: &Stamp,
    ) -> Result<Change<Self>, SupplierCategoryRule> {
        let NewSupplierCategory { code, name_zh, name_en, min_active } = new;
        let category = Self {
            id,
            code: code.into_string(),
            name_zh: name_zh.into_string(),
            name_en: name_en.into_string(),
            status: Status::Active,
            min_active: bounded(min_active)?,
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", category))
    }
    /// Changes what the patch names.
    pub fn update(self, patch: SupplierCategoryPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let SupplierCategoryPatch { name_zh, name_en, min_active } = patch;
        let mut next = self.next();
        next.name_zh = name_zh.map_or(next.name_zh, Name::into_string);
        next.name_en = name_en.map_or(next.name_en, Name::into_string);
        if let Some(count) = min_active {
            next.min_active = bounded(count)?;
        }
        Ok(Change::new("update", next))
    }
    /// Not used any more.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        let mut next = self.next();
        next.status = Status::Retired;
        Ok(Change::new("retire", next))
    }

    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn bounded(count: u16) -> Result<i32, SupplierCategoryRule> {
    if count <= MOST_ACTIVE { Ok(i32::from(count)) } else { Err(SupplierCategoryRule::MinActive) }
}
