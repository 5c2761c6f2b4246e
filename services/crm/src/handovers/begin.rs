//! What a handover looks at when it begins. No SQL.
use super::{domain::Handover, store};
use crate::users::{self, domain::User};
use platform::{ApiError, Result, Tx};

/// The deputy as the directory knows them now, and what else the leaver has handed over or will.
pub async fn around(tx: &mut Tx, handover: &Handover) -> Result<(User, Vec<Handover>)> {
    let to = users::find_by_reference(tx.conn(), &handover.to_user).await?;
    let to = to.ok_or_else(|| ApiError::internal("the directory forgets nobody"))?;
    Ok((to, store::open_of(tx.conn(), &handover.from_user).await?))
}
