//! The only SQL of acceptance policies.
use super::domain::AcceptancePolicy;
use crate::schema::acceptance_policies;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{PageQuery, orders::AcceptancePolicyId};

platform::store!(AcceptancePolicy, acceptance_policies);

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
