//! References that come with a request: a row by another system's id, a colleague by their name in the directory.
use crate::users;
use platform::{ApiError, Conn, Result};
use wire::{ExternalRef, Ownership};

/// `{system}/{reference}` of a path.
pub fn parse((system, reference): (String, String)) -> Result<ExternalRef> {
    Ok(ExternalRef {
        system: system.parse().map_err(|why: String| ApiError::field("system", why))?,
        id: reference.parse().map_err(|why: String| ApiError::field("reference", why))?,
    })
}

/// The references of a body with that of the path first, none twice.
#[must_use]
pub fn with_path(reference: ExternalRef, mut others: Vec<ExternalRef>) -> Vec<ExternalRef> {
    others.retain(|other| *other != reference);
    others.insert(0, reference);
    others
}

/// Someone of the directory who works here; 422 at `pointer` for anybody else.
pub async fn colleague(conn: &mut Conn, pointer: &str, reference: &str) -> Result<()> {
    let nobody = || ApiError::field(pointer, format!("nobody active is called {reference} in the directory"));
    users::find_active(conn, reference).await?.map(drop).ok_or_else(nobody)
}

/// Whose rows a named colleague's are; 422 at `/owner` for someone who is not in the directory or has left.
pub async fn ownership_of(conn: &mut Conn, reference: &str) -> Result<Ownership> {
    let user = users::find_active(conn, reference).await?;
    let user =
        user.ok_or_else(|| ApiError::field("/owner", format!("nobody active is called {reference} in the directory")))?;
    Ok(user.ownership())
}
