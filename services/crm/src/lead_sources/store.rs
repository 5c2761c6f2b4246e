//! The only SQL of channels.
use super::domain::LeadSource;
use crate::schema::lead_sources;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;

platform::store!(LeadSource, lead_sources);

/// By the code that leads and opportunities name.
pub async fn by_code(conn: &mut Conn, code: &str) -> QueryResult<Option<LeadSource>> {
    let named = lead_sources::table.filter(lead_sources::code.eq(code));
    named.select(LeadSource::as_select()).first(conn).await.optional()
}

/// All of them: a company has few.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<LeadSource>> {
    lead_sources::table.select(LeadSource::as_select()).order(lead_sources::code).load(conn).await
}
