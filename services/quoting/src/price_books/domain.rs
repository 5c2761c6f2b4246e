//! The rules of price books (QUO-05). Pure: no async, no clock, no SQL.
use crate::schema::{price_book_entries, price_books};
use diesel::prelude::*;
use platform::{
    Change, Machine, MachineInfo, Refused, Stamp, Transition,
    makers::{self, Makers},
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashSet;
use wire::{
    Amount, Currency, Day, Moment, Name, Quantity,
    crm::{AccountId, AccountTier},
    quoting::{
        NewPriceBook, NewPriceBookEntry, PriceBookEntryId, PriceBookId, PriceBookPatch, PriceBookStatus as Status,
    },
};

/// Prices a book holds at most.
pub const MOST_ENTRIES: usize = 2000;

/// The row, and the prices that are to be written with it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = price_books, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: PriceBookId,
    pub number: String,
    pub name: String,
    pub status: Status,
    pub currency: Currency,
    pub tier: Option<AccountTier>,
    pub region: Option<String>,
    pub account_id: Option<AccountId>,
    pub first_day: Day,
    pub last_day: Option<Day>,
    pub entry_count: i32,
    /// Everybody who had a hand in it: none of them may publish it.
    pub makers: Makers,
    pub published_by: Option<String>,
    pub reason: Option<String>,
    pub created_at: Moment,
    pub published_at: Option<Moment>,
    pub retired_at: Option<Moment>,
    pub version: i32,
}

/// A price's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = price_book_entries)]
pub struct Entry {
    pub id: PriceBookEntryId,
    pub price_book_id: PriceBookId,
    pub sku: String,
    pub from_quantity: Quantity,
    pub unit_price: Amount,
}

/// A price book; `entries` only where they are written anew on the next save.
#[derive(Debug, Clone, Serialize)]
pub struct PriceBook {
    pub head: Head,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<Vec<Entry>>,
}
platform::entity!(PriceBook, "price_book", PriceBookId; row: head, case: none, unowned);

platform::rules!(
    /// Why a price book is refused.
    PriceBookRule {
        Entries { count: usize } => "price_book.entries", Invalid, "a price book holds 1 to 2000 prices, not {count}", "价格手册应有 1 至 2000 个价格，实际为 {count} 个", at "/entries";
        Price { line: usize } => "price_book.unit_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/entries/{line}/unit_price";
        Twice { line: usize, sku: String } => "price_book.twice", Invalid, "{sku} has two prices from the same quantity", "{sku} 在同一起订量下有两个价格", at "/entries/{line}/from_quantity";
        Sku { line: usize, sku: String } => "price_book.sku", Invalid, "{sku} is no product on sale", "{sku} 不是在售产品", at "/entries/{line}/sku";
        Days => "price_book.days", Invalid, "it ends before it begins", "结束日期早于开始日期", at "/last_day";
        Whom => "price_book.whom", Invalid, "a book is for one customer or for those of a grade or region, not both", "价格手册或针对单个客户，或针对某等级、区域的客户，不可兼有", at "/account_id";
        Maker => "price_book.maker", Forbidden, "you had a hand in this price book; someone else publishes it", "您参与了该价格手册的编制，须由他人发布";
    }
);

impl Machine for PriceBook {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "price_book",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("publish", &["draft"], &["published"]),
            Transition::new("retire", &["draft", "published"], &["retired"]),
        ],
        labels: Status::labels(),
    };
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        if action == "publish" {
            self.not_by_a_maker(actor)?;
        }
        Ok(())
    }
}

impl PriceBook {
    /// A new book; `ids` mints those of its prices.
    pub fn draft(
        id: PriceBookId,
        number: String,
        new: NewPriceBook,
        ids: impl FnMut() -> PriceBookEntryId,
        by: &Stamp,
    ) -> Result<Change<Self>, PriceBookRule> {
        let NewPriceBook { name, currency, tier, region, account_id, first_day, last_day, entries } = new;
        if account_id.is_some() && (tier.is_some() || region.is_some()) {
            return Err(PriceBookRule::Whom);
        }
        let head = Head {
            id,
            number,
            name: name.into_string(),
            status: Status::Draft,
            currency,
            tier,
            region: region.map(Name::into_string),
            account_id,
            first_day,
            last_day,
            entry_count: 0,
            makers: makers::begun(by),
            published_by: None,
            reason: None,
            created_at: by.at,
            published_at: None,
            retired_at: None,
            version: 1,
        };
        let book = Self { head, entries: None }.holding(entries, ids)?.in_order()?;
        Ok(Change::new("create", book))
    }

    /// Changes a draft.
    pub fn update(
        self,
        patch: PriceBookPatch,
        ids: impl FnMut() -> PriceBookEntryId,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let PriceBookPatch { name, first_day, last_day, entries } = patch;
        let (known, mut next) = (self.clone(), self.next());
        next.head.name = name.map_or(next.head.name, Name::into_string);
        next.head.first_day = first_day.unwrap_or(next.head.first_day);
        next.head.last_day = last_day.or(next.head.last_day);
        if let Some(entries) = entries {
            next = next.holding(entries, ids)?;
        }
        next.head.makers = makers::patched(&known, &next, next.head.makers.clone(), by);
        Ok(Change::new("update", next.in_order()?))
    }

    /// Its prices hold from its first day on; whoever made it cannot.
    pub fn publish(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("publish")?;
        self.not_by_a_maker(&by.actor)?;
        let mut next = self.next();
        next.head.status = Status::Published;
        (next.head.published_at, next.head.published_by) = (Some(by.at), Some(by.actor.clone()));
        Ok(Change::new("publish", next))
    }

    /// Its prices hold no more.
    pub fn retire(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        let mut next = self.next();
        next.head.status = Status::Retired;
        (next.head.retired_at, next.head.reason) = (Some(by.at), Some(reason.clone()));
        Ok(Change::new("retire", next).because(reason))
    }

    fn not_by_a_maker(&self, actor: &str) -> Result<(), PriceBookRule> {
        if makers::wrote(&self.head.makers, actor) { Err(PriceBookRule::Maker) } else { Ok(()) }
    }
    fn holding(
        mut self,
        new: Vec<NewPriceBookEntry>,
        mut ids: impl FnMut() -> PriceBookEntryId,
    ) -> Result<Self, PriceBookRule> {
        if new.is_empty() || new.len() > MOST_ENTRIES {
            return Err(PriceBookRule::Entries { count: new.len() });
        }
        let mut seen = HashSet::new();
        let mut entries = Vec::with_capacity(new.len());
        for (line, NewPriceBookEntry { sku, from_quantity, unit_price }) in new.into_iter().enumerate() {
            if unit_price.get() < Decimal::ZERO {
                return Err(PriceBookRule::Price { line });
            }
            let sku = sku.into_string();
            if !seen.insert((sku.clone(), from_quantity.get().normalize())) {
                return Err(PriceBookRule::Twice { line, sku });
            }
            entries.push(Entry { id: ids(), price_book_id: self.head.id, sku, from_quantity, unit_price });
        }
        self.head.entry_count = i32::try_from(entries.len()).unwrap_or(i32::MAX);
        self.entries = Some(entries);
        Ok(self)
    }
    fn in_order(self) -> Result<Self, PriceBookRule> {
        let ends_before = self.head.last_day.is_some_and(|last| last < self.head.first_day);
        if ends_before { Err(PriceBookRule::Days) } else { Ok(self) }
    }
    fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
