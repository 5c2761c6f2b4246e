//! The only SQL of suppliers.
use super::domain::Supplier;
use crate::schema::{supplier_categories, supplier_qualifications, suppliers};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{Day, PageQuery, procurement::SupplierId};

platform::store!(Supplier, suppliers);

/// May we buy there on this day (PRO-15)? The supplier is qualified, if on probation, and where a category is given it is
/// qualified in that category too, until that day at least. An unknown supplier is not.
pub async fn qualified(conn: &mut Conn, id: SupplierId, category: Option<&str>, on: Day) -> QueryResult<bool> {
    let active = suppliers::table.find(id).filter(suppliers::status.eq_any(["qualified", "probation"]));
    if !diesel::select(exists(active)).get_result::<bool>(conn).await? {
        return Ok(false);
    }
    let Some(category) = category else { return Ok(true) };
    let in_category = supplier_qualifications::table
        .filter(supplier_qualifications::supplier_id.eq(id))
        .filter(supplier_qualifications::category.eq(category))
        .filter(supplier_qualifications::status.eq("qualified"))
        .filter(supplier_qualifications::valid_to.ge(on));
    diesel::select(exists(in_category)).get_result(conn).await
}

/// Those of them that may be recommended: all but the suspended and the eliminated.
pub async fn usable(conn: &mut Conn, ids: &[SupplierId]) -> QueryResult<Vec<SupplierId>> {
    suppliers::table
        .filter(suppliers::id.eq_any(ids))
        .filter(suppliers::status.ne_all(["suspended", "eliminated"]))
        .select(suppliers::id)
        .load(conn)
        .await
}

/// Is there such a category, and is it in use?
pub async fn category_in_use(conn: &mut Conn, code: &str) -> QueryResult<bool> {
    let found = supplier_categories::table
        .filter(supplier_categories::code.eq(code))
        .filter(supplier_categories::status.eq("active"));
    diesel::select(exists(found)).get_result(conn).await
}

/// Suppliers with a licence to remind of.
pub async fn licences_due(conn: &mut Conn, today: Day) -> QueryResult<Vec<SupplierId>> {
    suppliers::table
        .filter(suppliers::licences_due_on.le(today))
        .filter(suppliers::status.ne("eliminated"))
        .order(suppliers::licences_due_on)
        .limit(100)
        .select(suppliers::id)
        .load(conn)
        .await
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

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
