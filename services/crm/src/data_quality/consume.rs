//! What time does to customer data (CRM-31). No SQL.
use super::{domain::DataQualityTask, rules};
use crate::accounts::{self, domain::Account};
use platform::{Result, Tx};
use wire::Moment;

/// Tasks a rule opens in one run.
const BITE: i64 = 200;

/// Opens a task for each customer that nobody has looked at for longer than the rule of its grade allows.
pub async fn open_tasks(tx: &mut Tx, now: Moment) -> Result<()> {
    for rule in rules::active(tx.conn()).await? {
        let stale = accounts::unverified(tx.conn(), (rule.tier, rule.id), rule.stale_before(now), BITE).await?;
        for (id, _) in &stale {
            let account: Account = tx.load(*id).await?;
            let change = DataQualityTask::open(tx.id(), &account, Some(rule.id), None, false, &tx.stamp())?;
            tx.create(change).await?;
        }
        if i64::try_from(stale.len()).unwrap_or(BITE) == BITE {
            tx.again();
        }
    }
    Ok(())
}
