//! The only SQL of opportunities.
use super::domain::Opportunity;
use crate::schema::opportunities;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, scoped};
use wire::crm::{AccountPageQuery, OpportunityId};

impl Store for Opportunity {
    async fn lock(conn: &mut Conn, id: OpportunityId) -> QueryResult<Option<Self>> {
        opportunities::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(opportunities::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = opportunities::table
            .filter(opportunities::id.eq(self.id))
            .filter(opportunities::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One opportunity.
pub async fn find(conn: &mut Conn, id: OpportunityId) -> QueryResult<Option<Opportunity>> {
    opportunities::table.find(id).select(Opportunity::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<Opportunity>> {
    let page = query.page();
    let newest = opportunities::table.select(Opportunity::as_select()).order(opportunities::id.desc());
    let mut rows = newest.limit(page.fetch()).into_boxed();
    rows = scoped!(rows, opportunities, sight);
    if let Some(after) = page.after {
        rows = rows.filter(opportunities::id.lt(OpportunityId(after)));
    }
    if let Some(case) = page.case_id {
        rows = rows.filter(opportunities::case_id.eq(case));
    }
    if let Some(status) = page.status {
        rows = rows.filter(opportunities::status.eq(status));
    }
    if let Some(account) = query.account_id {
        rows = rows.filter(opportunities::account_id.eq(account));
    }
    rows.load(conn).await
}
