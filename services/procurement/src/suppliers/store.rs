//! The only SQL of suppliers.
use super::domain::Supplier;
use crate::schema::suppliers;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Store};
use wire::{PageQuery, procurement::SupplierId};

impl Store for Supplier {
    async fn lock(conn: &mut Conn, id: SupplierId) -> QueryResult<Option<Self>> {
        suppliers::table.find(id).select(Self::as_select()).for_no_key_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(suppliers::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = suppliers::table.filter(suppliers::id.eq(self.id)).filter(suppliers::version.eq(self.version - 1));
        diesel::update(stored).set(self).execute(conn).await
    }
}

/// One supplier.
pub async fn find(conn: &mut Conn, id: SupplierId) -> QueryResult<Option<Supplier>> {
    suppliers::table.find(id).select(Supplier::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<Supplier>> {
    let mut query =
        suppliers::table.select(Supplier::as_select()).order(suppliers::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(suppliers::id.lt(SupplierId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(suppliers::status.eq(status.clone()));
    }
    query.load(conn).await
}
