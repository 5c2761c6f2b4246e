//! The only SQL of competitors.
use super::domain::Competitor;
use crate::schema::competitors;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, page};
use wire::PageQuery;

platform::store!(Competitor, competitors);

/// The one that is called so.
pub async fn by_name(conn: &mut Conn, name_key: &str) -> QueryResult<Option<Competitor>> {
    let called = competitors::table.filter(competitors::name_key.eq(name_key));
    called.select(Competitor::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<Competitor>> {
    page!(Competitor, competitors, query, all; status = query.status).load(conn).await
}
