//! How opportunities begin and are won: the steps that touch more than the opportunity's own row.
use super::domain::{Opportunity, OpportunityRule, Origin};
use crate::{
    accounts::domain::Account,
    contacts::domain::Contact,
    lead_sources::{self, domain::LeadSourceRule},
    leads::domain::Lead,
    pipelines,
};
use platform::{ApiError, Change, Result, Stamp, Tx};
use wire::crm::{AccountId, AccountStatus, ContactId, NewOpportunity};

/// Registers an opportunity of a customer, of a lead's case or one of its own (CRM-14).
pub async fn register(
    tx: &mut Tx,
    new: NewOpportunity,
    account: &Account,
    lead: Option<&Lead>,
    by: &Stamp,
) -> Result<Opportunity> {
    // A lead's channel and contact were looked at when the lead came in and was converted.
    if lead.is_none() {
        let code = new.source.as_str();
        let known = lead_sources::by_code(tx.conn(), code).await?.is_some();
        known.then_some(()).ok_or_else(|| LeadSourceRule::Unknown { code: code.to_owned() })?;
        check_contact(tx, new.contact_id, account.id).await?;
    }
    let pipeline_id = match new.pipeline_id {
        Some(id) => id,
        None => pipelines::default_id(tx.conn()).await?,
    };
    let unknown = || ApiError::absent("/pipeline_id", "pipeline", pipeline_id);
    let pipeline = pipelines::find(tx.conn(), pipeline_id).await?.ok_or_else(unknown)?;
    let number = tx.next_number("opportunity").await?;
    let refs = new.external_refs.clone();
    let origin =
        Origin { case_id: lead.map_or_else(|| tx.id(), |lead| lead.case_id), lead_id: lead.map(|lead| lead.id) };
    let change = Opportunity::register(tx.id(), number, origin, new, account, &pipeline, by)?;
    let opportunity = tx.create(change).await?;
    tx.bind_refs("opportunity", opportunity.id, &refs).await?;
    Ok(opportunity)
}

/// Does the named contact work at the customer?
pub async fn check_contact(tx: &mut Tx, contact: Option<ContactId>, account: AccountId) -> Result<()> {
    if let Some(id) = contact {
        let contact: Option<Contact> = tx.try_load(id).await?;
        contact.filter(|contact| contact.account_id == account).ok_or(OpportunityRule::Contact)?;
    }
    Ok(())
}

/// Writes a won opportunity; a customer who was a prospect is an active one now (CRM-28).
pub async fn won(tx: &mut Tx, change: Change<Opportunity>) -> Result<Opportunity> {
    let opportunity = tx.save(change).await?;
    let account: Account = tx.load(opportunity.account_id).await?;
    if account.status == AccountStatus::Prospect {
        tx.save(account.activate()?).await?;
    }
    Ok(opportunity)
}
