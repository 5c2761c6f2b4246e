//! The only SQL of acceptance policies.
use super::domain::AcceptancePolicy;
use crate::schema::acceptance_policies;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::{PageQuery, orders::AcceptancePolicyId};

impl Store for AcceptancePolicy {
    async fn lock(conn: &mut Conn, id: AcceptancePolicyId) -> QueryResult<Option<Self>> {
        acceptance_policies::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(acceptance_policies::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = acceptance_policies::table.find(self.id).filter(acceptance_policies::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// The last version that was published; the migration brings the first.
pub async fn in_force(conn: &mut Conn) -> QueryResult<AcceptancePolicy> {
    let last = acceptance_policies::table.order(acceptance_policies::revision.desc());
    last.select(AcceptancePolicy::as_select()).first(conn).await
}

/// The next revision's number, for whoever publishes; the table is locked against a second one meanwhile.
pub async fn next_revision(conn: &mut Conn) -> QueryResult<i32> {
    diesel::sql_query("LOCK TABLE acceptance_policies IN SHARE ROW EXCLUSIVE MODE").execute(conn).await?;
    let last: Option<i32> =
        acceptance_policies::table.select(diesel::dsl::max(acceptance_policies::revision)).first(conn).await?;
    Ok(last.unwrap_or(0) + 1)
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<AcceptancePolicy>> {
    let rows = acceptance_policies::table.order(acceptance_policies::id.desc()).limit(page.fetch());
    let mut rows = rows.select(AcceptancePolicy::as_select()).into_boxed();
    if let Some(after) = page.after {
        rows = rows.filter(acceptance_policies::id.lt(AcceptancePolicyId(after)));
    }
    rows.load(conn).await
}
