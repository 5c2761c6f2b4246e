//! The rules of contacts (CRM-29). Pure: no async, no clock, no SQL.
use crate::{accounts::domain::Account, names::phone_key, schema::contacts, search::spelling};
use diesel::prelude::*;
use platform::{Change, Entity, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    EmailAddress, ExternalRef, Moment, Ownership, Phone,
    crm::{
        AccountId, ContactCreated, ContactId, ContactPatch, ContactProfile, ContactRole, ContactSnapshot,
        ContactStatus as Status, ContactUpdated,
    },
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contacts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Contact {
    pub id: ContactId,
    pub account_id: AccountId,
    pub status: Status,
    pub name: String,
    pub title: Option<String>,
    pub phone: Option<String>,
    pub phone_key: Option<String>,
    /// How the name sounds; nothing where it is not spelt yet.
    pub pinyin: Option<String>,
    pub email: Option<String>,
    pub roles: Kept<Vec<ContactRole>>,
    pub is_primary: bool,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Contact, "contact", ContactId; row: this, case: none, owned);

platform::rules!(
    /// Why a contact is refused.
    ContactRule {
        Roles { count: usize } => "contact.roles", Invalid, "a contact has at most 6 roles, not {count}", "联系人最多有 6 个角色，实际为 {count} 个", at "/roles";
        Refs { count: usize } => "contact.external_refs", Invalid, "at most 20 references are kept, not {count}", "最多保存 20 个外部编号，实际为 {count} 个", at "/external_refs";
        Account => "contact.account", Conflict, "the contact belongs to another customer", "该联系人属于另一客户", at "/account_id";
        Primary => "contact.primary", Invalid, "make another contact primary instead", "请改为将另一联系人设为首要联系人", at "/primary";
        Gone => "contact.account_gone", Conflict, "the customer was merged or purged", "该客户已合并或清除", at "/account_id";
    }
);

impl Machine for Contact {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "contact",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("deactivate", &["active"], &["left"]),
            Transition::automatic("purge", &["active", "left"], &["left"]),
        ],
        labels: Status::labels(),
    };
}

impl Contact {
    /// A new one. `first` = the customer has no primary contact; `owner` = whoever looks after the customer.
    pub fn meet(
        id: ContactId,
        profile: ContactProfile,
        first: bool,
        owner: Ownership,
        by: &Stamp,
    ) -> Result<Change<Self>, ContactRule> {
        let ContactProfile { account_id, name, title, phone, email, roles, primary, external_refs } = profile;
        if external_refs.len() > 20 {
            return Err(ContactRule::Refs { count: external_refs.len() });
        }
        let contact = Self {
            id,
            account_id,
            status: Status::Active,
            pinyin: Some(spelling(name.as_str())),
            name: name.into_string(),
            title: title.map(wire::Name::into_string),
            phone_key: phone.as_ref().and_then(|phone| phone_key(phone.as_str())),
            phone: phone.map(Phone::into_string),
            email: email.map(EmailAddress::into_string),
            roles: Kept(few(roles)?),
            is_primary: primary || first,
            external_refs: Kept(external_refs),
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            version: 1,
        };
        let event = ContactCreated(contact.snapshot());
        Ok(Change::new("create", contact).emit(&event))
    }

    /// As another system has them now; `None` where nothing is new. Who is primary never steps back by this.
    pub fn sync(self, profile: ContactProfile) -> platform::Result<Option<Change<Self>>> {
        self.may("update")?;
        let ContactProfile { account_id, name, title, phone, email, roles, primary, external_refs } = profile;
        if account_id != self.account_id {
            return Err(ContactRule::Account.into());
        }
        let mut refs = self.external_refs.0.clone();
        refs.extend(external_refs.into_iter().filter(|new| !self.external_refs.0.contains(new)));
        if refs.len() > 20 {
            return Err(ContactRule::Refs { count: refs.len() }.into());
        }
        let next = Self {
            pinyin: if name.as_str() == self.name { self.pinyin.clone() } else { Some(spelling(name.as_str())) },
            name: name.into_string(),
            title: title.map(wire::Name::into_string),
            phone_key: phone.as_ref().and_then(|phone| phone_key(phone.as_str())),
            phone: phone.map(Phone::into_string),
            email: email.map(EmailAddress::into_string),
            roles: Kept(few(roles)?),
            is_primary: primary || self.is_primary,
            external_refs: Kept(refs),
            ..self.clone()
        };
        Ok((next != self).then(|| next.told("update")))
    }

    /// Changes what the patch names.
    pub fn update(self, patch: ContactPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let ContactPatch { name, title, phone, email, roles, primary } = patch;
        if primary == Some(false) && self.is_primary {
            return Err(ContactRule::Primary.into());
        }
        let mut next = self;
        next.phone = phone.over(next.phone, Phone::into_string);
        next.phone_key = next.phone.as_deref().and_then(phone_key);
        if let Some(roles) = roles {
            next.roles = Kept(few(roles)?);
        }
        if let Some(name) = name {
            next.pinyin = Some(spelling(name.as_str()));
            next.name = name.into_string();
        }
        next.title = title.over(next.title, wire::Name::into_string);
        next.email = email.over(next.email, EmailAddress::into_string);
        next.is_primary = primary.unwrap_or(next.is_primary);
        Ok(next.told("update"))
    }
    /// Another one is primary now.
    pub fn step_back(self) -> Change<Self> {
        Self { is_primary: false, ..self }.told("step_back")
    }
    /// They do not work there any more.
    pub fn deactivate(self) -> Result<Change<Self>, Refused> {
        self.may("deactivate")?;
        Ok(Self { status: Status::Left, is_primary: false, ..self }.told("deactivate"))
    }
    /// Their employer is another row now: two customers were one (CRM-28). `first` = there is no primary contact there.
    pub fn move_to(self, account: &Account, first: bool) -> Change<Self> {
        let owner = account.ownership().unwrap_or_default();
        let next = Self {
            account_id: account.id,
            is_primary: self.is_primary && first,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            ..self
        };
        next.told("move")
    }
    /// Nothing is known of them any more but that they were there (CRM-31).
    pub fn scrub(self) -> Change<Self> {
        let next = Self {
            status: Status::Left,
            is_primary: false,
            name: "—".to_owned(),
            title: None,
            phone: None,
            phone_key: None,
            pinyin: Some(String::new()),
            email: None,
            roles: Kept(Vec::new()),
            ..self
        };
        next.told("purge")
    }
    /// As other services keep it.
    pub fn snapshot(&self) -> ContactSnapshot {
        let Self { id, account_id, name, phone, email, is_primary, status, version, .. } = self.clone();
        ContactSnapshot { id, account_id, name, phone, email, primary: is_primary, status: status.to_string(), version }
    }
    fn told(mut self, action: &'static str) -> Change<Self> {
        self.version += 1;
        let event = ContactUpdated(self.snapshot());
        Change::new(action, self).emit(&event)
    }
}

fn few(mut roles: Vec<ContactRole>) -> Result<Vec<ContactRole>, ContactRule> {
    if roles.len() > ContactRole::ALL.len() {
        return Err(ContactRule::Roles { count: roles.len() });
    }
    roles.sort_unstable_by_key(|role| role.as_str());
    roles.dedup();
    Ok(roles)
}
