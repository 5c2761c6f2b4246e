//! The rules of customers (CRM-28). Pure: no async, no clock, no SQL.
use crate::{
    names::{name_key, phone_key},
    schema::accounts,
    search::spelling,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    ExternalRef, Moment, Ownership,
    crm::{
        AccountCreated, AccountId, AccountMerged, AccountPatch, AccountProfile, AccountPurged, AccountSnapshot,
        AccountStatus as Status, AccountTier, AccountTierChanged, AccountUpdated, AccountVerified, Address,
        BusinessProfile, DecisionMember,
    },
    json::Kept,
};

/// References to other systems that a row keeps at most.
pub const MOST_REFS: usize = 20;

/// The row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Account {
    pub id: AccountId,
    pub number: String,
    pub status: Status,
    pub tier: AccountTier,
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    pub phone: Option<String>,
    pub phone_key: Option<String>,
    /// How the name sounds; nothing where it is not spelt yet.
    pub pinyin: Option<String>,
    pub industry: Option<String>,
    pub tax_number: Option<String>,
    pub address: Kept<Address>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub merged_into_id: Option<AccountId>,
    pub last_verified_at: Option<Moment>,
    pub profile: Kept<BusinessProfile>,
    pub decision_chain: Kept<Vec<DecisionMember>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Account, "account", AccountId; row: this, case: none, owned);

platform::rules!(
    /// Why a customer is refused.
    AccountRule {
        Refs { count: usize } => "account.external_refs", Invalid, "at most 20 references are kept, not {count}", "最多保存 20 个外部编号，实际为 {count} 个", at "/external_refs";
        Itself => "account.merge_itself", Invalid, "a customer is not merged into itself", "客户不能与自身合并", at "/into_id";
        Into { number: String } => "account.merge_into", Conflict, "{number} is no customer any more", "{number} 已失效，不能作为合并目标", at "/into_id";
        Opportunities { number: String } => "account.opportunity_open", Conflict, "opportunity {number} is open: win, lose or invalidate it first", "商机 {number} 尚未结束，请先关闭";
        Leads { number: String } => "account.lead_open", Conflict, "lead {number} is being worked on or in the pool: convert or disqualify it first", "线索 {number} 仍在跟进或公海中，请先转化或淘汰";
        People => "account.decision_chain", Invalid, "a decision chain has at most 50 people, each once and working at the customer", "决策链最多 50 人，每人一次，且须为该客户在职联系人", at "/members";
        Days => "account.decision_days", Invalid, "a decision takes 1 to 3650 days", "决策周期应为 1 至 3650 天", at "/decision_days";
    }
);

const ALIVE: &[&str] = &["prospect", "active", "dormant"];

impl Machine for Account {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "account",
        transitions: &[
            Transition::new("update", ALIVE, ALIVE),
            Transition::new("set_tier", ALIVE, ALIVE),
            Transition::new("activate", &["prospect", "dormant"], &["active"]),
            Transition::new("deactivate", &["active"], &["dormant"]),
            Transition::new("invalidate", ALIVE, &["invalid"]),
            Transition::new("merge", &["prospect", "active", "dormant", "invalid"], &["merged"]),
            Transition::automatic("follow", &["merged"], &["merged"]),
            Transition::automatic("verify", ALIVE, ALIVE),
            Transition::automatic("purge", &["prospect", "dormant", "invalid"], &["purged"]),
        ],
        labels: Status::labels(),
    };
}

impl Account {
    /// A new customer, a prospect until the first deal is won. `owner` is the colleague who looks after it.
    pub fn open(
        id: AccountId,
        number: String,
        profile: AccountProfile,
        owner: Ownership,
        by: &Stamp,
    ) -> Result<Change<Self>, AccountRule> {
        let AccountProfile { name, phone, industry, tax_number, address, note, owner: _, external_refs } = profile;
        let account = Self {
            id,
            number,
            status: Status::Prospect,
            tier: AccountTier::Standard,
            name_key: name_key(name.as_str()),
            pinyin: Some(spelling(name.as_str())),
            name: name.into_string(),
            phone_key: phone.as_ref().and_then(|phone| phone_key(phone.as_str())),
            phone: phone.map(wire::Code::into_string),
            industry: industry.map(wire::Name::into_string),
            tax_number: tax_number.map(wire::Code::into_string),
            address: Kept(address),
            note: note.map(wire::Note::into_string),
            reason: None,
            external_refs: Kept(few(external_refs)?),
            merged_into_id: None,
            last_verified_at: None,
            profile: Kept(BusinessProfile::default()),
            decision_chain: Kept(Vec::new()),
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            version: 1,
        };
        let event = AccountCreated(account.snapshot());
        Ok(Change::new("create", account).emit(&event))
    }

    /// As another system has it now: what that system leaves out is not known any more, references are added.
    /// `None` where nothing is new, so that a nightly synchronisation makes no versions.
    pub fn sync(self, profile: AccountProfile, owner: Option<Ownership>) -> platform::Result<Option<Change<Self>>> {
        self.may("update")?;
        let AccountProfile { name, phone, industry, tax_number, address, note, owner: _, external_refs } = profile;
        let mut refs = self.external_refs.0.clone();
        refs.extend(external_refs.into_iter().filter(|new| !self.external_refs.0.contains(new)));
        let owner = owner.unwrap_or_else(|| platform::Entity::ownership(&self).unwrap_or_default());
        let next = Self {
            name_key: name_key(name.as_str()),
            // A name that stays is no news, spelt or not.
            pinyin: if name.as_str() == self.name { self.pinyin.clone() } else { Some(spelling(name.as_str())) },
            name: name.into_string(),
            phone_key: phone.as_ref().and_then(|phone| phone_key(phone.as_str())),
            phone: phone.map(wire::Code::into_string),
            industry: industry.map(wire::Name::into_string),
            tax_number: tax_number.map(wire::Code::into_string),
            address: Kept(address),
            note: note.map(wire::Note::into_string),
            external_refs: Kept(few(refs)?),
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            ..self.clone()
        };
        Ok((next != self).then(|| next.told("update")))
    }

    /// Changes what the patch names.
    pub fn update(self, patch: AccountPatch) -> Result<Change<Self>, Refused> {
        self.may("update")?;
        let AccountPatch { name, phone, industry, tax_number, address, note } = patch;
        let mut next = self;
        if let Some(name) = name {
            next.name_key = name_key(name.as_str());
            next.pinyin = Some(spelling(name.as_str()));
            next.name = name.into_string();
        }
        next.phone = phone.over(next.phone, wire::Code::into_string);
        next.phone_key = next.phone.as_deref().and_then(phone_key);
        next.industry = industry.over(next.industry, wire::Name::into_string);
        next.tax_number = tax_number.over(next.tax_number, wire::Code::into_string);
        next.address = address.map_or(next.address, Kept);
        next.note = note.over(next.note, wire::Note::into_string);
        Ok(next.told("update"))
    }
    /// Key account or not: the managers' word (CRM-32).
    pub fn set_tier(self, tier: AccountTier) -> Result<Change<Self>, Refused> {
        self.may("set_tier")?;
        let event = AccountTierChanged { account_id: self.id, number: self.number.clone(), from: self.tier, to: tier };
        Ok(Self { tier, ..self }.told("set_tier").emit(&event))
    }
    /// We do business, or do so again.
    pub fn activate(self) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        Ok(Self { status: Status::Active, reason: None, ..self }.told("activate"))
    }
    /// It sleeps.
    pub fn deactivate(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("deactivate")?;
        Ok(Self { status: Status::Dormant, reason: Some(reason.clone()), ..self }.told("deactivate").because(reason))
    }
    /// It does not exist, or not any more.
    pub fn invalidate(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("invalidate")?;
        Ok(Self { status: Status::Invalid, reason: Some(reason.clone()), ..self }.told("invalidate").because(reason))
    }
    /// It is the same as `into`, which has everything of it from now on; a tombstone remains that points there (CRM-28).
    pub fn merge(self, into: &Self) -> platform::Result<Change<Self>> {
        self.may("merge")?;
        if into.id == self.id {
            return Err(AccountRule::Itself.into());
        }
        if !into.is_alive() {
            return Err(AccountRule::Into { number: into.number.clone() }.into());
        }
        let event = AccountMerged {
            account_id: self.id,
            number: self.number.clone(),
            into_account_id: into.id,
            into_number: into.number.clone(),
            into_name: into.name.clone(),
        };
        let refs = Kept(Vec::new());
        let next =
            Self { status: Status::Merged, merged_into_id: Some(into.id), external_refs: refs, ..self.unfound() };
        Ok(next.told("merge").emit(&event))
    }
    /// What this one was merged into was merged itself: it points to where that went.
    pub fn follow(self, into: AccountId) -> Result<Change<Self>, Refused> {
        self.may("follow")?;
        let version = self.version + 1;
        Ok(Change::new("follow", Self { merged_into_id: Some(into), version, ..self }))
    }
    /// Has the references of one that was merged into it besides its own; `None` where there are none.
    pub fn take_over(self, refs: Vec<ExternalRef>) -> platform::Result<Option<Change<Self>>> {
        self.may("update")?;
        let (mut all, before) = (self.external_refs.0.clone(), self.external_refs.0.len());
        all.extend(refs.into_iter().filter(|new| !self.external_refs.0.contains(new)));
        if all.len() == before {
            return Ok(None);
        }
        Ok(Some(Self { external_refs: Kept(few(all)?), ..self }.told("take_over")))
    }
    /// Somebody saw that what is known of it is right (CRM-31).
    pub fn verify(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("verify")?;
        let event = AccountVerified { account_id: self.id, number: self.number.clone(), verified_at: by.at };
        let version = self.version + 1;
        let next = Self { last_verified_at: Some(by.at), version, ..self };
        Ok(Change::new("verify", next).emit(&event))
    }
    /// What was known of it goes; id, number and the other systems' ids remain, so that it does not come back by the next
    /// synchronisation (CRM-31).
    pub fn purge(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("purge")?;
        let event = AccountPurged { account_id: self.id, number: self.number.clone() };
        let next = Self { status: Status::Purged, reason: Some(reason.clone()), ..self.blank() };
        Ok(next.told("purge").emit(&event).because(reason))
    }
    /// It was merged into one that is purged: what was known of it goes too, and it points there still.
    pub fn forget(self) -> Change<Self> {
        self.blank().told("purge")
    }
    /// Nothing but its number is known, which is its name from now on.
    fn blank(self) -> Self {
        Self {
            pinyin: Some(String::new()),
            name_key: name_key(&self.number),
            name: self.number.clone(),
            phone: None,
            phone_key: None,
            industry: None,
            tax_number: None,
            address: Kept(Address::default()),
            note: None,
            reason: None,
            profile: Kept(BusinessProfile::default()),
            decision_chain: Kept(Vec::new()),
            ..self
        }
    }
    /// Nobody is taken for it any more: keys of names are letters and digits alone, so none is like this. It keeps its name: of a new
    /// one the key is worked out anew (`spellings`).
    fn unfound(self) -> Self {
        Self { name_key: format!("#{}", self.number), phone_key: None, ..self }
    }
    /// Can there be business with it?
    pub fn is_alive(&self) -> bool {
        ALIVE.contains(&self.status.as_str())
    }
    /// As other services keep it.
    pub fn snapshot(&self) -> AccountSnapshot {
        let Self { id, number, name, status, tier, address, version, .. } = self;
        AccountSnapshot {
            id: *id,
            number: number.clone(),
            name: name.clone(),
            status: status.to_string(),
            tier: Some(*tier),
            region: address.0.region.as_ref().map(ToString::to_string),
            version: *version,
        }
    }
    fn told(mut self, action: &'static str) -> Change<Self> {
        self.version += 1;
        let event = AccountUpdated(self.snapshot());
        Change::new(action, self).emit(&event)
    }
}

fn few(refs: Vec<ExternalRef>) -> Result<Vec<ExternalRef>, AccountRule> {
    if refs.len() > MOST_REFS { Err(AccountRule::Refs { count: refs.len() }) } else { Ok(refs) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
