//! What a handover looks at when it begins. No SQL.
use super::domain::Handover;
use crate::users::{self, domain::User};
use platform::{ApiError, Conn, Result};

/// The deputy as the directory knows them now.
pub async fn deputy(conn: &mut Conn, handover: &Handover) -> Result<User> {
    let to = users::find_by_reference(conn, &handover.to_user).await?;
    to.ok_or_else(|| ApiError::internal("the directory forgets nobody"))
}
