//! What was known of a customer goes, wherever crm keeps it (CRM-31): of itself and of those that were merged into it, people, papers,
//! leads and inquiries, names on deals, cards, files and account plans. Ids and numbers remain. Refuses to judge whether it may: the
//! law of how long things are kept is people's.
use super::{
    domain::{Account, AccountRule},
    store,
};
use crate::{
    account_plans::{self, domain::AccountPlan},
    archive_files::{self, domain::ArchiveFile},
    contacts::{self, domain::Contact},
    inquiries::{self, domain::Inquiry},
    leads::{self, domain::Lead},
    membership_cards::{self, domain::MembershipCard},
    onboarding_applications::{self, domain::OnboardingApplication},
    opportunities::{self, domain::Opportunity},
};
use platform::{Conn, Machine, Result, Tx};
use uuid::Uuid;
use wire::crm::AccountId;

/// Refuses while a deal of theirs is open or may become one; otherwise those that were merged into this one.
pub async fn may_purge(conn: &mut Conn, account: &Account) -> Result<Vec<AccountId>> {
    if let Some(number) = opportunities::open_of(conn, account.id).await? {
        return Err(AccountRule::Opportunities { number }.into());
    }
    let merged = store::merged_into(conn, account.id).await?;
    let names = [merged.as_slice(), &[account.id]].concat();
    if let Some(number) = leads::open_of(conn, &names).await? {
        return Err(AccountRule::Leads { number }.into());
    }
    account.may("purge")?;
    Ok(merged)
}

/// Purges a customer whose row is locked; refused while a deal is open or may become one.
pub async fn purge(tx: &mut Tx, account: Account, reason: String) -> Result<()> {
    let merged = may_purge(tx.conn(), &account).await?;
    let names = [merged.as_slice(), &[account.id]].concat();
    let account = tx.save(account.purge(reason)?).await?;
    for id in contacts::of_account(tx.conn(), account.id).await? {
        let person: Contact = tx.load(id).await?;
        tx.save(person.scrub()).await?;
    }
    let deals = opportunities::of_account(tx.conn(), account.id).await?;
    for id in &deals {
        let opportunity: Opportunity = tx.load(*id).await?;
        tx.save(opportunity.scrub(&account)).await?;
    }
    for id in merged {
        let merged: Account = tx.load(id).await?;
        tx.save(merged.forget()).await?;
    }
    for id in &names {
        papers(tx, *id, &account).await?;
    }
    let leads = leads::of_accounts(tx.conn(), &names).await?;
    for id in &leads {
        let lead: Lead = tx.load(*id).await?;
        tx.save(lead.scrub()).await?;
    }
    leads::forget_reports(tx.conn(), &leads).await?;
    let became: Vec<Uuid> = leads.iter().map(|id| id.0).chain(deals.iter().map(|id| id.0)).collect();
    for id in inquiries::of_accounts(tx.conn(), &names, &became).await? {
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
    for id in account_plans::of_account(tx.conn(), id).await? {
        let plan: AccountPlan = tx.load(id).await?;
        tx.save(plan.scrub(purged)).await?;
    }
    Ok(())
}
