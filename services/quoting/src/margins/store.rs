//! The SQL of margins.
use super::domain::Floor;
use crate::{pricing_policies, schema::margin_policies};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use platform::{ApiError, Conn, Result, calendar::Calendar, replica};
use wire::{
    Moment, Rate,
    crm::{AccountId, AccountSnapshot},
};

/// The newest version that has come into effect.
pub async fn floor(mut conn: &Conn, at: Moment) -> Result<Floor> {
    let newest: Option<(i32, Rate)> = margin_policies::table
        .filter(margin_policies::effective_from.le(at))
        .order(margin_policies::version.desc())
        .select((margin_policies::version, margin_policies::floor))
        .first(&mut conn)
        .await
        .optional()?;
    let floor = newest.map(|(version, floor)| Floor { version, floor, pricing_policy_revision: None });
    floor.ok_or_else(|| ApiError::internal("no version of the margin's floor is in effect"))
}

/// The same for a customer, whose grade may have a floor of its own.
pub async fn floor_for(conn: &mut Conn, account: AccountId, at: Moment) -> Result<Floor> {
    let policy = pricing_policies::in_force(conn, Calendar::china().day(at));
    let (floor, policy) = try_join(floor(conn, at), policy).await?;
    if policy.margin_floors.0.is_empty() {
        return Ok(floor);
    }
    let account: Option<AccountSnapshot> = replica::find(conn, account.into()).await?;
    Ok(floor.of_grade(&policy, account.and_then(|account| account.tier)))
}
