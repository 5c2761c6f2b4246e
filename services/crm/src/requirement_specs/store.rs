//! The only SQL of specifications.
use super::domain::RequirementSpec;
use crate::schema::requirement_specs;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, scoped};
use wire::crm::{AccountPageQuery, OpportunityId, RequirementSpecId};

impl Store for RequirementSpec {
    async fn lock(conn: &mut Conn, id: RequirementSpecId) -> QueryResult<Option<Self>> {
        requirement_specs::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(requirement_specs::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = requirement_specs::table
            .filter(requirement_specs::id.eq(self.id))
            .filter(requirement_specs::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One specification.
pub async fn find(conn: &mut Conn, id: RequirementSpecId) -> QueryResult<Option<RequirementSpec>> {
    requirement_specs::table.find(id).select(RequirementSpec::as_select()).first(conn).await.optional()
}

/// Has the customer confirmed one for this opportunity?
pub async fn confirmed(conn: &mut Conn, opportunity: OpportunityId) -> QueryResult<bool> {
    let confirmed = requirement_specs::table
        .filter(requirement_specs::opportunity_id.eq(opportunity))
        .filter(requirement_specs::status.eq("confirmed"));
    diesel::select(exists(confirmed)).get_result(conn).await
}

/// Is a revision of this number being worked on?
pub async fn in_work(conn: &mut Conn, number: &str) -> QueryResult<bool> {
    let open = requirement_specs::table
        .filter(requirement_specs::number.eq(number))
        .filter(requirement_specs::status.eq_any(["draft", "submitted", "clarifying"]));
    diesel::select(exists(open)).get_result(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<RequirementSpec>> {
    let page = query.page();
    let newest = requirement_specs::table.select(RequirementSpec::as_select()).order(requirement_specs::id.desc());
    let mut rows = newest.limit(page.fetch()).into_boxed();
    rows = scoped!(rows, requirement_specs, sight);
    if let Some(after) = page.after {
        rows = rows.filter(requirement_specs::id.lt(RequirementSpecId(after)));
    }
    if let Some(case) = page.case_id {
        rows = rows.filter(requirement_specs::case_id.eq(case));
    }
    if let Some(status) = page.status {
        rows = rows.filter(requirement_specs::status.eq(status));
    }
    if let Some(account) = query.account_id {
        rows = rows.filter(requirement_specs::account_id.eq(account));
    }
    rows.load(conn).await
}
