//! What was known of a customer goes, wherever crm keeps it (CRM-31): of itself and of those that were merged into it, people, papers,
//! leads and inquiries, names on deals, cards and files. Ids and numbers remain. Refuses to judge whether it may: the law of how long
//! things are kept is people's.
use super::{
    domain::{Account, AccountRule},
    store,
};
use crate::{
    archive_files::{self, domain::ArchiveFile},
    contacts::{self, domain::Contact},
    inquiries::{self, domain::Inquiry},
    leads::{self, domain::Lead},
    membership_cards::{self, domain::MembershipCard},
    onboarding_applications::{self, domain::OnboardingApplication},
    opportunities::{self, domain::Opportunity},
};
use platform::{Result, Tx};
use wire::crm::AccountId;

/// Purges a customer whose row is locked; refused while a deal is open or may become one.
pub async fn purge(tx: &mut Tx, account: Account, reason: String) -> Result<()> {
    if let Some(number) = opportunities::open_of(tx.conn(), account.id).await? {
        return Err(AccountRule::Opportunities { number }.into());
    }
    let mut names = store::merged_into(tx.conn(), account.id).await?;
    names.push(account.id);
    if let Some(number) = leads::open_of(tx.conn(), &names).await? {
        return Err(AccountRule::Leads { number }.into());
    }
    let account = tx.save(account.purge(reason)?).await?;
    for id in contacts::of_account(tx.conn(), account.id).await? {
        let person: Contact = tx.load(id).await?;
        tx.save(person.scrub()).await?;
    }
    for id in opportunities::of_account(tx.conn(), account.id).await? {
        let opportunity: Opportunity = tx.load(id).await?;
        tx.save(opportunity.scrub(&account)).await?;
    }
    for id in names.iter().copied().filter(|id| *id != account.id) {
        let merged: Account = tx.load(id).await?;
        tx.save(merged.forget()).await?;
    }
    for id in &names {
        papers(tx, *id, &account).await?;
    }
    for id in leads::of_accounts(tx.conn(), &names).await? {
        let lead: Lead = tx.load(id).await?;
        tx.save(lead.scrub()).await?;
    }
    for id in inquiries::of_accounts(tx.conn(), &names).await? {
        let inquiry: Inquiry = tx.load(id).await?;
        tx.save(inquiry.scrub()).await?;
    }
    Ok(())
}

/// What stayed with a customer's own id, also when it was merged.
async fn papers(tx: &mut Tx, id: AccountId, purged: &Account) -> Result<()> {
    for id in onboarding_applications::of_account(tx.conn(), id).await? {
        let application: OnboardingApplication = tx.load(id).await?;
        tx.save(application.scrub()).await?;
    }
    for id in membership_cards::of_account(tx.conn(), id).await? {
        let card: MembershipCard = tx.load(id).await?;
        tx.save(card.scrub()).await?;
    }
    for id in archive_files::of_account(tx.conn(), id).await? {
        let file: ArchiveFile = tx.load(id).await?;
        tx.save(file.scrub(purged)).await?;
    }
    Ok(())
}
