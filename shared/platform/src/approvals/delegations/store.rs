//! The SQL of delegations.
use super::domain::Delegation;
use crate::{Conn, Sight, Steady, Store, calendar::Calendar, schema::delegations};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::{Day, Moment, PageQuery, delegation::DelegationId};

impl Store for Delegation {
    async fn lock(conn: &mut Conn, id: DelegationId) -> QueryResult<Option<Self>> {
        delegations::table.find(Uuid::from(id)).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(delegations::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            delegations::table.filter(delegations::id.eq(self.id)).filter(delegations::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// Those that lend this person seats at an instant, oldest first.
pub async fn to(conn: &mut Conn, user: &str, at: Moment) -> QueryResult<Vec<Delegation>> {
    let today = Calendar::china().day(at);
    delegations::table
        .filter(delegations::to_user.eq(user))
        .filter(delegations::status.eq_any(["scheduled", "active"]))
        .filter(delegations::first_day.le(today))
        .filter(delegations::last_day.ge(today))
        .order(delegations::id)
        .select(Delegation::as_select())
        .load(conn)
        .await
}

pub(super) async fn find(conn: &mut Conn, id: DelegationId) -> QueryResult<Option<Delegation>> {
    delegations::table.find(Uuid::from(id)).select(Delegation::as_select()).first(conn).await.optional()
}

/// Newest first. A delegation belongs to both its sides: scope `own` shows what one lends and what one was lent.
pub(super) async fn list(conn: &mut Conn, page: &PageQuery, sight: &Sight) -> QueryResult<Vec<Delegation>> {
    let mut query = delegations::table
        .select(Delegation::as_select())
        .order(delegations::id.desc())
        .limit(page.fetch())
        .into_boxed();
    match sight {
        Sight::All => {}
        Sight::Own(user) => {
            query = query.filter(delegations::from_user.eq(user.clone()).or(delegations::to_user.eq(user.clone())));
        }
        // Delegations have no team and no department.
        Sight::Team(_) | Sight::Department(_) => return Ok(Vec::new()),
    }
    if let Some(after) = page.after {
        query = query.filter(delegations::id.lt(after));
    }
    if let Some(status) = &page.status {
        query = query.filter(delegations::status.eq(status.clone()));
    }
    query.load(conn).await
}

/// Those whose status lags behind the day.
pub(super) async fn turning(conn: &mut Conn, today: Day) -> QueryResult<Vec<DelegationId>> {
    let opening = delegations::status.eq("scheduled").and(delegations::first_day.le(today));
    let closing = delegations::status.eq_any(["scheduled", "active"]).and(delegations::last_day.lt(today));
    delegations::table
        .filter(opening.or(closing))
        .order(delegations::id)
        .limit(100)
        .select(delegations::id)
        .load(conn)
        .await
}
