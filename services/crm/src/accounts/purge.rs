//! What was known of a customer goes, wherever crm keeps it (CRM-31): people, papers, names on deals, cards and files. Id and number
//! remain. Refuses to judge whether it may: the law of how long things are kept is people's.
use super::domain::{Account, AccountRule};
use crate::{
    archive_files::{self, domain::ArchiveFile},
    contacts::{self, domain::Contact},
    membership_cards::{self, domain::MembershipCard},
    onboarding_applications::{self, domain::OnboardingApplication},
    opportunities::{self, domain::Opportunity},
};
use platform::{Result, Tx};

/// Purges a customer whose row is locked; refused while a deal is open.
pub async fn purge(tx: &mut Tx, account: Account, reason: String) -> Result<()> {
    if let Some(number) = opportunities::open_of(tx.conn(), account.id).await? {
        return Err(AccountRule::Opportunities { number }.into());
    }
    let account = tx.save(account.purge(reason)?).await?;
    for id in contacts::of_account(tx.conn(), account.id).await? {
        let person: Contact = tx.load(id).await?;
        tx.save(person.scrub()).await?;
    }
    for id in onboarding_applications::of_account(tx.conn(), account.id).await? {
        let application: OnboardingApplication = tx.load(id).await?;
        tx.save(application.scrub()).await?;
    }
    for id in membership_cards::of_account(tx.conn(), account.id).await? {
        let card: MembershipCard = tx.load(id).await?;
        tx.save(card.scrub()).await?;
    }
    for id in opportunities::of_account(tx.conn(), account.id).await? {
        let opportunity: Opportunity = tx.load(id).await?;
        tx.save(opportunity.scrub(&account)).await?;
    }
    for id in archive_files::of_account(tx.conn(), account.id).await? {
        let file: ArchiveFile = tx.load(id).await?;
        tx.save(file.scrub(&account)).await?;
    }
    Ok(())
}
