//! The rules of customers (CRM-28). Pure: no async, no clock, no SQL.
use crate::{
    names::{name_key, phone_key},
    schema::accounts,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    ExternalRef, Moment, Ownership,
    crm::{
        AccountCreated, AccountId, AccountPatch, AccountProfile, AccountSnapshot, AccountStatus as Status, AccountTier,
        AccountUpdated, Address,
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
    pub industry: Option<String>,
    pub tax_number: Option<String>,
    pub address: Kept<Address>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<ExternalRef>>,
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
            name: name.into_string(),
            phone_key: phone.as_ref().and_then(|phone| phone_key(phone.as_str())),
            phone: phone.map(wire::Code::into_string),
            industry: industry.map(wire::Name::into_string),
            tax_number: tax_number.map(wire::Code::into_string),
            address: Kept(address),
            note: note.map(wire::Note::into_string),
            reason: None,
            external_refs: Kept(few(external_refs)?),
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
            next.name = name.into_string();
        }
        if let Some(phone) = phone {
            next.phone_key = phone_key(phone.as_str());
            next.phone = Some(phone.into_string());
        }
        next.industry = industry.map(wire::Name::into_string).or(next.industry);
        next.tax_number = tax_number.map(wire::Code::into_string).or(next.tax_number);
        next.address = address.map_or(next.address, Kept);
        next.note = note.map(wire::Note::into_string).or(next.note);
        Ok(next.told("update"))
    }
    /// Key account or not: the managers' word (CRM-32).
    pub fn set_tier(self, tier: AccountTier) -> Result<Change<Self>, Refused> {
        self.may("set_tier")?;
        Ok(Self { tier, ..self }.told("set_tier"))
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
mod tests {
    use super::*;

    fn by() -> Stamp {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() }
    }
    fn profile(name: &str, refs: usize) -> AccountProfile {
        let reference = |n| ExternalRef { system: "erp".parse().unwrap(), id: format!("{n}").parse().unwrap() };
        AccountProfile {
            name: name.parse().unwrap(),
            phone: None,
            industry: None,
            tax_number: None,
            address: Address::default(),
            note: None,
            owner: None,
            external_refs: (0..refs).map(reference).collect(),
        }
    }
    fn account(status: Status) -> Account {
        let owner = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
        let change = Account::open(AccountId(uuid::Uuid::nil()), "AC-1".into(), profile("晨光泵业", 1), owner, &by());
        Account { status, ..change.unwrap().after().clone() }
    }

    #[test]
    fn crm_28_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let steps = [
                ("update", account(from).update(AccountPatch::default())),
                ("set_tier", account(from).set_tier(AccountTier::Key)),
                ("activate", account(from).activate()),
                ("deactivate", account(from).deactivate("quiet".into())),
                ("invalidate", account(from).invalidate("closed down".into())),
            ];
            for (command, outcome) in steps {
                if let Ok(change) = outcome {
                    assert_eq!((change.after().version, change.event_types()), (2, vec!["crm.account.updated.v1"]));
                    table.push(format!("{from} {command} {}", change.after().status));
                }
            }
        }
        assert_eq!(
            table,
            [
                "prospect update prospect",
                "prospect set_tier prospect",
                "prospect activate active",
                "prospect invalidate invalid",
                "active update active",
                "active set_tier active",
                "active deactivate dormant",
                "active invalidate invalid",
                "dormant update dormant",
                "dormant set_tier dormant",
                "dormant activate active",
                "dormant invalidate invalid",
            ]
        );
    }

    #[test]
    fn crm_28_a_synchronisation_that_says_nothing_new_changes_nothing() {
        assert!(account(Status::Active).sync(profile("晨光泵业", 1), None).unwrap().is_none());
        let renamed = account(Status::Active).sync(profile("晨光泵业集团", 0), None).unwrap().unwrap();
        assert_eq!((renamed.after().version, renamed.after().external_refs.0.len()), (2, 1), "references only grow");
        assert!(account(Status::Invalid).sync(profile("晨光泵业", 1), None).is_err());
        assert!(account(Status::Active).sync(profile("晨光泵业", 20), None).is_ok());
        assert!(account(Status::Active).sync(profile("晨光泵业", 21), None).is_err());
    }
}
