//! Accounts: the customers (CRM-28), here and as other services know them.
use crate::{
    Action, Code, ExternalRef, Label, Moment, Name, Note, Patched, Reference, Snapshot, event::event, id::id,
    resource::resource, snapshot::snapshots, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A customer.
    AccountId,
    /// A person at a customer.
    ContactId,
    /// A chance to sell.
    OpportunityId,
    /// What the customer needs, written down and confirmed.
    RequirementSpecId,
);
words!(
    /// The life of a customer (CRM-28).
    AccountStatus {
        Prospect => "prospect" "潜在" "Prospect",
        Active => "active" "活跃" "Active",
        Dormant => "dormant" "休眠" "Dormant",
        Invalid => "invalid" "无效" "Invalid",
        Merged => "merged" "已合并" "Merged into another",
        Purged => "purged" "已清除" "Purged",
    }
);
words!(
    /// Whose word it takes: key accounts are the managers' (CRM-32).
    AccountTier {
        Standard => "standard" "普通客户" "Standard",
        Key => "key" "重要客户" "Key",
    }
);
resource!(Account);

/// Where a customer is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// ISO 3166 code or the country's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Code>,
    /// Province or state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Name>,
    /// City or county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Name>,
    /// Everything below the city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Label>,
    /// As the post of the country writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Code>,
}

/// What is known of a customer: of a new one, or as another system has it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "晨光泵业有限公司", "phone": "021-5555 0101", "address": {"country": "CN", "city": "上海"}})))]
pub struct AccountProfile {
    pub name: Name,
    #[serde(default)]
    pub phone: Option<Code>,
    /// Line of business, in words that segments compare.
    #[serde(default)]
    pub industry: Option<Name>,
    /// Number on tax invoices.
    #[serde(default)]
    pub tax_number: Option<Code>,
    #[serde(default)]
    pub address: Address,
    #[serde(default)]
    pub note: Option<Note>,
    /// Who looks after it: a reference of the directory; whoever asks, if absent.
    #[serde(default)]
    pub owner: Option<Reference>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Changes a customer (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Code>)]
    pub phone: Patched<Code>,
    /// Line of business, in words that segments compare.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Name>)]
    pub industry: Patched<Name>,
    /// Number on tax invoices.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Code>)]
    pub tax_number: Patched<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<Address>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub note: Patched<Note>,
}

/// A customer as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Account {
    pub id: AccountId,
    pub number: String,
    pub status: AccountStatus,
    pub tier: AccountTier,
    pub name: String,
    pub phone: Option<String>,
    /// Line of business, in words that segments compare.
    pub industry: Option<String>,
    /// Number on tax invoices.
    pub tax_number: Option<String>,
    pub address: Address,
    pub note: Option<String>,
    /// Why it sleeps or is invalid.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    /// The customer that it was found to be the same as: go there (CRM-28).
    pub merged_into_id: Option<AccountId>,
    /// When somebody last saw that what is known is right (CRM-31).
    pub last_verified_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

words!(
    /// Orders in which customers are listed.
    AccountSort {
        Newest => "newest" "最新优先" "Newest first",
        Oldest => "oldest" "最早优先" "Oldest first",
        Name => "name" "按名称（拼音）" "By name, a Chinese one by its sound",
    }
);

/// Filters of customers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// The order; `newest` if absent. All pages of a list are asked for with the same one.
    #[param(inline)]
    pub sort: Option<AccountSort>,
    /// Only of this grade.
    #[param(inline)]
    pub tier: Option<AccountTier>,
    /// Only those whom this person looks after: a reference of the directory.
    #[param(max_length = 128)]
    pub owner_id: Option<String>,
    /// Words in any order, or parts of them: of the name, how it sounds (`chenguang`, `cg`), phone, tax number or number.
    #[param(max_length = 200)]
    pub q: Option<String>,
}
impl AccountQuery {
    /// What every list takes.
    #[must_use]
    pub fn page(&self) -> crate::PageQuery {
        crate::PageQuery { limit: self.limit, after: self.after, case_id: None, status: self.status.clone() }
    }
}

/// Key account or not.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTier {
    pub tier: AccountTier,
}

/// The customer that it is the same as.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeAccount {
    pub into_id: AccountId,
}

/// Two customers are one (CRM-28): people, opportunities and references are the survivor's now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountMerged {
    pub account_id: AccountId,
    pub number: String,
    pub into_account_id: AccountId,
    /// Number of the customer that stays.
    pub into_number: String,
    /// Name of the customer that stays.
    pub into_name: String,
}
event!(AccountMerged = "crm.account.merged.v1");

/// A manager made it a key account, or a standard one again (CRM-32).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountTierChanged {
    pub account_id: AccountId,
    pub number: String,
    pub from: AccountTier,
    pub to: AccountTier,
}
event!(AccountTierChanged = "crm.account.tier_changed.v1");

/// Somebody saw that what is known of it is right (CRM-31).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountVerified {
    pub account_id: AccountId,
    pub number: String,
    pub verified_at: Moment,
}
event!(AccountVerified = "crm.account.verified.v1");

/// Nothing is known of it any more but that it was there (CRM-31).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountPurged {
    pub account_id: AccountId,
    pub number: String,
}
event!(AccountPurged = "crm.account.purged.v1");

/// A customer at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountSnapshot {
    pub id: AccountId,
    pub number: String,
    pub name: String,
    /// Its state then, a word of its state machine.
    pub status: String,
    /// Its grade; absent in what was told before grades were.
    #[serde(default)]
    pub tier: Option<AccountTier>,
    /// Of its address.
    #[serde(default)]
    pub region: Option<String>,
    pub version: i32,
}
impl Snapshot for AccountSnapshot {
    const KIND: &'static str = "account";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(AccountSnapshot =>
    /// A customer was opened.
    AccountCreated = "crm.account.created.v1",
    /// Its name, status or grade changed.
    AccountUpdated = "crm.account.updated.v1",
);
