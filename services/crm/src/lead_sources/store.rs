//! The only SQL of channels.
use super::domain::LeadSource;
use crate::schema::lead_sources;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::crm::LeadSourceId;

impl Store for LeadSource {
    async fn lock(conn: &mut Conn, id: LeadSourceId) -> QueryResult<Option<Self>> {
        lead_sources::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(lead_sources::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            lead_sources::table.filter(lead_sources::id.eq(self.id)).filter(lead_sources::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One channel.
pub async fn find(conn: &mut Conn, id: LeadSourceId) -> QueryResult<Option<LeadSource>> {
    lead_sources::table.find(id).select(LeadSource::as_select()).first(conn).await.optional()
}

/// By the code that leads and opportunities name.
pub async fn by_code(conn: &mut Conn, code: &str) -> QueryResult<Option<LeadSource>> {
    let named = lead_sources::table.filter(lead_sources::code.eq(code));
    named.select(LeadSource::as_select()).first(conn).await.optional()
}

/// All of them: a company has few.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<LeadSource>> {
    lead_sources::table.select(LeadSource::as_select()).order(lead_sources::code).load(conn).await
}
