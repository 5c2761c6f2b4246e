//! What follows when a project initiation is decided on. No SQL.
use super::domain::ProjectInitiation;
use platform::{Decided, Result, Tx};
use wire::{approval::Verdict, crm::ProjectInitiationId};

/// In the transaction of the last vote: what is approved is numbered at once (CRM-57).
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let initiation: ProjectInitiation = tx.load(ProjectInitiationId(decided.subject)).await?;
    let stamp = tx.stamp();
    match decided.verdict {
        Verdict::Approved => {
            let approved = tx.save(initiation.approve(&stamp)?).await?;
            let number = tx.next_number("project_no").await?;
            tx.save(approved.number(number)?).await.map(drop)
        }
        Verdict::Rejected => tx.save(initiation.reject(decided.comment.unwrap_or_default(), &stamp)?).await.map(drop),
    }
}
