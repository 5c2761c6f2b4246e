//! What quoting knows of crm's customers beyond their snapshots: whether there is business with one still, and with whom
//! instead (CRM-28, 31). Refuses to be their master: that is crm. Public: what quotes, solutions and proposals ask before they
//! are made, and whom a printed document names.
mod consume;
mod domain;
mod store;

pub use consume::consumers;
pub use domain::CustomerRule;
pub use store::primary_contact;

use domain::Merger;
use platform::{Result, Tx, replica};
use wire::crm::{AccountId, AccountSnapshot};

/// Mergers that are followed at most: more than any customer has been through.
const MOST_MERGERS: usize = 32;

/// Refuses a customer with whom there is no business any more. `place` is the field that names them.
pub async fn is_alive(tx: &Tx, account: &AccountSnapshot, place: &'static str) -> Result<()> {
    if domain::is_gone(account) {
        let survivor = survivor(tx, account.id).await?;
        return Err(domain::gone(account, survivor.as_ref(), place).into());
    }
    Ok(())
}

/// The same where somebody else names them, who knew them; of whom nobody has told us, nothing is said against.
pub async fn alive(tx: &Tx, account: AccountId, place: &'static str) -> Result<()> {
    let known: Option<AccountSnapshot> = replica::find(tx.shared(), account.into()).await?;
    match known {
        Some(account) => is_alive(tx, &account, place).await,
        None => Ok(()),
    }
}

/// The last merger on the way, if anybody told of it.
async fn survivor(tx: &Tx, account: AccountId) -> Result<Option<Merger>> {
    let (mut last, mut next) = (None::<Merger>, account);
    for _ in 0..MOST_MERGERS {
        let Some(merger) = replica::find::<Merger>(tx.shared(), next.into()).await? else { break };
        next = merger.into_account_id;
        last = Some(merger);
    }
    Ok(last)
}
