//! The only SQL of supplier categories.
use super::domain::SupplierCategory;
use crate::schema::supplier_categories;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::{PageQuery, procurement::SupplierCategoryId};

impl Store for SupplierCategory {
    async fn lock(conn: &mut Conn, id: SupplierCategoryId) -> QueryResult<Option<Self>> {
        supplier_categories::table.find(id).select(Self::as_select()).for_no_key_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(supplier_categories::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = supplier_categories::table
            .filter(supplier_categories::id.eq(self.id))
            .filter(supplier_categories::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One category.
pub async fn find(conn: &mut Conn, id: SupplierCategoryId) -> QueryResult<Option<SupplierCategory>> {
    supplier_categories::table.find(id).select(SupplierCategory::as_select()).first(conn).await.optional()
}

/// Has a category this code?
pub async fn has_code(conn: &mut Conn, code: &str) -> QueryResult<bool> {
    let same = supplier_categories::table.filter(supplier_categories::code.eq(code));
    diesel::select(diesel::dsl::exists(same)).get_result(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<SupplierCategory>> {
    let mut query = supplier_categories::table
        .select(SupplierCategory::as_select())
        .order(supplier_categories::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(supplier_categories::id.lt(SupplierCategoryId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(supplier_categories::status.eq(status.clone()));
    }
    query.load(conn).await
}
