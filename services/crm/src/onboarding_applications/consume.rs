//! What decides a registration. No SQL.
use super::domain::OnboardingApplication;
use crate::membership_cards;
use platform::{Decided, Result, Tx};
use wire::{approval::Verdict, crm::OnboardingApplicationId};

/// In the transaction of the supervisor's vote; a yes asks for the card (CRM-48).
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let application: OnboardingApplication = tx.load(OnboardingApplicationId(decided.subject)).await?;
    let stamp = tx.stamp();
    match decided.verdict {
        Verdict::Approved => {
            let approved = tx.save(application.approve(&stamp)?).await?;
            membership_cards::request(tx, &approved, None).await.map(drop)
        }
        Verdict::Rejected => {
            let change = application.reject(decided.comment.unwrap_or_default(), &stamp)?;
            tx.save(change).await.map(drop)
        }
    }
}
