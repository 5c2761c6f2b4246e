//! The only SQL of supplier categories.
use super::domain::SupplierCategory;
use crate::schema::supplier_categories;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{PageQuery, procurement::SupplierCategoryId};

platform::store!(SupplierCategory, supplier_categories);

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
