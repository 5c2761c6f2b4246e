//! Price books: what a unit costs whom, from which quantity on, and in which time (QUO-05).
use crate::{
    Action, Amount, Code, Currency, Day, Moment, Name, Patched, Quantity,
    crm::{AccountId, AccountTier},
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A price book.
    PriceBookId,
    /// A price in one.
    PriceBookEntryId,
);
words!(
    /// The life of a price book: published once, never edited (QUO-05).
    PriceBookStatus {
        Draft => "draft" "草稿" "Draft",
        Published => "published" "已发布" "Published",
        Retired => "retired" "已停用" "Retired",
    }
);
resource!(PriceBook);

/// A price as it is put down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPriceBookEntry {
    pub sku: Code,
    /// The least quantity that it is for, itself included; 0, any, if absent.
    #[serde(default)]
    pub from_quantity: Quantity,
    /// Net, for one unit, in the book's currency; not negative.
    pub unit_price: Amount,
}

/// A price book as it is drafted. Whom it is for: one customer, or those of a grade, of a region, or both; everybody if none is
/// named.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "2026 重要客户价", "currency": "CNY", "tier": "key", "first_day": "2026-01-01", "last_day": "2026-12-31",
    "entries": [{"sku": "PUMP-40", "unit_price": "1200.00"}, {"sku": "PUMP-40", "from_quantity": "10", "unit_price": "1150.00"}]})))]
pub struct NewPriceBook {
    pub name: Name,
    pub currency: Currency,
    #[serde(default)]
    pub tier: Option<AccountTier>,
    /// As the customer's address says it.
    #[serde(default)]
    pub region: Option<Name>,
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// First day on which it holds, Asia/Shanghai.
    pub first_day: Day,
    /// Last day; until further notice if absent.
    #[serde(default)]
    pub last_day: Option<Day>,
    /// A larger catalogue takes several books.
    #[schema(min_items = 1, max_items = 2000)]
    pub entries: Vec<NewPriceBookEntry>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties; entries are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceBookPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub first_day: Option<Day>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Day>)]
    pub last_day: Patched<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 2000, nullable = false)]
    pub entries: Option<Vec<NewPriceBookEntry>>,
}

/// A price book as it stands; its prices are listed beside it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PriceBook {
    pub id: PriceBookId,
    pub number: String,
    pub name: String,
    pub status: PriceBookStatus,
    pub currency: Currency,
    pub tier: Option<AccountTier>,
    /// Only for customers there, as their address says it; everywhere if absent.
    pub region: Option<String>,
    pub account_id: Option<AccountId>,
    pub first_day: Day,
    pub last_day: Option<Day>,
    /// How many prices it has.
    pub entry_count: i32,
    pub created_by: String,
    /// Nobody who had a hand in it.
    pub published_by: Option<String>,
    /// Why it was retired.
    pub reason: Option<String>,
    pub created_at: Moment,
    pub published_at: Option<Moment>,
    pub retired_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A price as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceBookEntry {
    pub id: PriceBookEntryId,
    pub sku: String,
    pub from_quantity: Quantity,
    pub unit_price: Amount,
}

/// What the list of a book's prices takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PriceBookEntryQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Exactly this sku.
    #[param(max_length = 64)]
    pub sku: Option<String>,
}
