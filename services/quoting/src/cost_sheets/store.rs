//! The only SQL of cost sheets.
use super::domain::CostSheet;
use crate::schema::cost_sheets;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, scoped};
use wire::{PageQuery, quoting::CostSheetId};

impl Store for CostSheet {
    async fn lock(conn: &mut Conn, id: CostSheetId) -> QueryResult<Option<Self>> {
        cost_sheets::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(cost_sheets::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            cost_sheets::table.filter(cost_sheets::id.eq(self.id)).filter(cost_sheets::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One sheet.
pub async fn find(conn: &mut Conn, id: CostSheetId) -> QueryResult<Option<CostSheet>> {
    cost_sheets::table.find(id).select(CostSheet::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, sight: &Sight) -> QueryResult<Vec<CostSheet>> {
    let newest_first = cost_sheets::table.select(CostSheet::as_select()).order(cost_sheets::id.desc());
    let mut query = newest_first.limit(page.fetch()).into_boxed();
    query = scoped!(query, cost_sheets, sight);
    if let Some(after) = page.after {
        query = query.filter(cost_sheets::id.lt(CostSheetId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(cost_sheets::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(cost_sheets::status.eq(status.clone()));
    }
    query.load(conn).await
}
