//! The SQL of margins.
use super::domain::Floor;
use crate::schema::margin_policies;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{ApiError, Conn, Result};
use wire::Moment;

/// The newest version that has come into effect.
pub async fn floor(conn: &mut Conn, at: Moment) -> Result<Floor> {
    let newest = margin_policies::table
        .filter(margin_policies::effective_from.le(at))
        .order(margin_policies::version.desc())
        .select(Floor::as_select())
        .first(conn)
        .await
        .optional()?;
    newest.ok_or_else(|| ApiError::internal("no version of the margin's floor is in effect"))
}
