//! What a qualified lead becomes (CRM-13): customer, contact and opportunity, in one transaction or not at all.
use super::{
    domain::{Lead, LeadRule},
    pool,
};
use crate::{
    accounts::{self, domain::Account},
    contacts::{self, domain::Contact},
    opportunities,
};
use platform::{ApiError, Entity, Machine, Result, Stamp, Tx};
use wire::{
    EmailAddress, Name, Phone,
    crm::{
        AccountId, AccountProfile, AccountStatus, Address, ContactId, ContactProfile, ConvertLead, LeadStatus,
        NewOpportunity, PartyType,
    },
};

/// Converts, or answers a lead that was converted before: a second try makes nothing.
pub async fn convert(tx: &mut Tx, lead: Lead, wish: ConvertLead) -> Result<Lead> {
    if lead.status == LeadStatus::Converted {
        return Ok(lead);
    }
    lead.may("convert")?;
    // Everything is the lead owner's, also where the manager converts.
    let stamp = Stamp { ownership: lead.ownership().unwrap_or_default(), ..tx.stamp() };
    let account = customer(tx, &lead, wish.account_id, &stamp).await?;
    let contact = contact(tx, &lead, &account, wish.contact_name).await?;
    let new = NewOpportunity {
        account_id: account.id,
        contact_id: Some(contact),
        name: wish.opportunity_name.map_or_else(|| text(&lead.name), Ok)?,
        need: text(lead.need.as_deref().unwrap_or_default())?,
        source: text(&lead.source)?,
        amount: wish.amount,
        expected_close: wish.expected_close,
        pipeline_id: None,
        external_refs: Vec::new(),
        is_new_business: false,
    };
    let opportunity = opportunities::register(tx, new, &account, Some(&lead), &stamp).await?;
    let lead = tx.save(lead.convert(account.id, contact, opportunity.id)?).await?;
    pool::close(tx, &lead, "已转化 / converted").await?;
    Ok(lead)
}

async fn customer(tx: &mut Tx, lead: &Lead, wished: Option<AccountId>, stamp: &Stamp) -> Result<Account> {
    if let Some(id) = wished.or(lead.account_id) {
        let unknown = || ApiError::absent("/account_id", "account", id);
        let account: Account = tx.try_load(id).await?.ok_or_else(unknown)?;
        return match account.status {
            AccountStatus::Invalid => Err(LeadRule::Account.into()),
            AccountStatus::Merged => Err(merged(tx, account).await?.into()),
            AccountStatus::Purged => Err(LeadRule::AccountPurged { number: account.number }.into()),
            AccountStatus::Prospect | AccountStatus::Active | AccountStatus::Dormant => Ok(account),
        };
    }
    let number = tx.next_number("account").await?;
    let region = lead.region.as_deref().map(text).transpose()?;
    let profile = AccountProfile {
        name: text(&lead.name)?,
        phone: lead.contact_phone.as_deref().map(text).transpose()?,
        industry: None,
        tax_number: None,
        address: Address { region, ..Address::default() },
        note: None,
        owner: None,
        external_refs: Vec::new(),
    };
    let change = Account::open(tx.id(), number, profile, stamp.ownership.clone(), stamp)?;
    tx.create(change).await
}

/// It says where there is something: merges end in one step, whichever came first.
async fn merged(tx: &mut Tx, account: Account) -> Result<LeadRule> {
    let into = match account.merged_into_id {
        Some(id) => accounts::find(tx.conn(), id).await?,
        None => None,
    };
    let into = into.ok_or_else(|| ApiError::internal("a merged customer points to another one"))?;
    Ok(LeadRule::AccountMerged { number: account.number, into: into.number })
}

/// Whom to ask there: named now, named on the lead, or the person that the lead is; one that is known is not doubled.
async fn contact(tx: &mut Tx, lead: &Lead, account: &Account, wished: Option<Name>) -> Result<ContactId> {
    let person = (lead.party_type == PartyType::Person).then(|| lead.name.clone());
    let name =
        wished.map(Name::into_string).or_else(|| lead.contact_name.clone()).or(person).ok_or(LeadRule::Contact)?;
    if let Some(known) = contacts::named(tx.conn(), account.id, &name).await? {
        return Ok(known);
    }
    let profile = ContactProfile {
        account_id: account.id,
        name: text(&name)?,
        title: None,
        phone: lead.contact_phone.as_deref().map(text).transpose()?.map(Phone::stored),
        email: lead.contact_email.as_deref().map(text).transpose()?.map(EmailAddress::stored),
        roles: Vec::new(),
        primary: false,
        external_refs: Vec::new(),
    };
    let contact: Contact = contacts::meet(tx, profile, account).await?;
    Ok(contact.id)
}

/// Text of a row as a request would carry it; rows hold only what passed the same bounds.
fn text<const MOST: usize>(row: &str) -> Result<wire::Text<MOST>> {
    row.parse().map_err(ApiError::internal)
}
