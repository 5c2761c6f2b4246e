//! The rules of alternatives (QUO-14). Pure: no async, no clock, no SQL.
use crate::{products::domain::Product, schema::alternatives};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Label, Moment,
    quoting::{
        AlternativeId, AlternativePatch, AlternativeSnapshot, AlternativeStatus as Status, AlternativesChanged,
        ProductId, ProductStatus,
    },
};

/// Alternatives in force that a product has at most.
pub const MOST_ALTERNATIVES: i64 = 20;

/// An alternative: the row is the whole of it. Skus never change, so they stand here too.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = alternatives, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Alternative {
    pub id: AlternativeId,
    pub product_id: ProductId,
    pub sku: String,
    pub alternative_id: ProductId,
    pub alternative_sku: String,
    pub rank: i32,
    pub reason: String,
    pub status: Status,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Alternative, "alternative", AlternativeId; row: this, case: none, unowned);

platform::rules!(
    /// Why an alternative is refused.
    AlternativeRule {
        Unknown { sku: String } => "alternative.sku", Invalid, "{sku} is no product of ours", "{sku} 不是我们的产品", at "/sku";
        Itself { sku: String } => "alternative.itself", Invalid, "{sku} cannot take its own place", "{sku} 不能替代自身", at "/sku";
        Twice { sku: String } => "alternative.twice", Conflict, "{sku} is an alternative of this product already", "{sku} 已是该产品的替代品", at "/sku";
        Rank { rank: i32 } => "alternative.rank", Invalid, "the rank is 1 to 100, not {rank}", "优先级应为 1 至 100，不能为 {rank}", at "/rank";
        Many => "alternative.many", Conflict, "a product has at most 20 alternatives; retire one first", "一个产品最多 20 个替代品，请先撤销一个", at "/sku";
        Retired { sku: String } => "alternative.retired", Conflict, "{sku} is no longer sold", "{sku} 已停售", at "/sku";
    }
);

impl Machine for Alternative {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "alternative",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl Alternative {
    /// `other` may be offered where `product` is asked for. `others` are the ids that stand there already.
    pub fn create(
        id: AlternativeId,
        (product, other): (&Product, &Product),
        others: &[ProductId],
        rank: u8,
        reason: Label,
        by: &Stamp,
    ) -> Result<Change<Self>, AlternativeRule> {
        let sku = other.sku.clone();
        if other.id == product.id {
            return Err(AlternativeRule::Itself { sku });
        }
        if others.contains(&other.id) {
            return Err(AlternativeRule::Twice { sku });
        }
        if other.status == ProductStatus::Retired {
            return Err(AlternativeRule::Retired { sku });
        }
        if i64::try_from(others.len()).is_ok_and(|count| count >= MOST_ALTERNATIVES) {
            return Err(AlternativeRule::Many);
        }
        let alternative = Self {
            id,
            product_id: product.id,
            sku: product.sku.clone(),
            alternative_id: other.id,
            alternative_sku: sku,
            rank: ranked(rank)?,
            reason: reason.into_string(),
            status: Status::Active,
            created_at: by.at,
            version: 1,
        };
        Ok(alternative.told("create"))
    }

    /// Another rank, another reason.
    pub fn update(self, patch: AlternativePatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let AlternativePatch { rank, reason } = patch;
        let mut next = self.next();
        next.rank = rank.map_or(Ok(next.rank), ranked)?;
        next.reason = reason.map_or(next.reason, Label::into_string);
        Ok(next.told("update"))
    }

    /// It is offered no more.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        let mut next = self.next();
        next.status = Status::Retired;
        Ok(next.told("retire"))
    }

    fn told(self, action: &'static str) -> Change<Self> {
        let Self { id, product_id, sku, alternative_id, alternative_sku, rank, reason, status, created_at: _, version } =
            self.clone();
        let event = AlternativesChanged(AlternativeSnapshot {
            id,
            product_id,
            sku,
            alternative_id,
            alternative_sku,
            rank,
            reason,
            status,
            version,
        });
        Change::new(action, self).emit(&event)
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn ranked(rank: u8) -> Result<i32, AlternativeRule> {
    let rank = i32::from(rank);
    if (1..=100).contains(&rank) { Ok(rank) } else { Err(AlternativeRule::Rank { rank }) }
}
