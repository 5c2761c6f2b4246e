//! The only SQL of qualifications.
use super::domain::SupplierQualification;
use crate::schema::supplier_qualifications;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    Day, PageQuery,
    procurement::{SupplierId, SupplierQualificationId},
};

platform::store!(SupplierQualification, supplier_qualifications);

/// Does an application wait for its decision? Asked under the lock of the supplier.
pub async fn is_applied(conn: &mut Conn, supplier: SupplierId, category: &str) -> QueryResult<bool> {
    let waiting = supplier_qualifications::table
        .filter(supplier_qualifications::supplier_id.eq(supplier))
        .filter(supplier_qualifications::category.eq(category))
        .filter(supplier_qualifications::status.eq("applied"));
    diesel::select(exists(waiting)).get_result(conn).await
}

/// What a supplier has or waits for.
pub async fn alive(conn: &mut Conn, supplier: SupplierId) -> QueryResult<Vec<SupplierQualificationId>> {
    supplier_qualifications::table
        .filter(supplier_qualifications::supplier_id.eq(supplier))
        .filter(supplier_qualifications::status.eq_any(["applied", "qualified"]))
        .order(supplier_qualifications::id)
        .select(supplier_qualifications::id)
        .load(conn)
        .await
}

/// Qualified ones whose last day is over.
pub async fn due(conn: &mut Conn, today: Day) -> QueryResult<Vec<SupplierQualificationId>> {
    supplier_qualifications::table
        .filter(supplier_qualifications::status.eq("qualified"))
        .filter(supplier_qualifications::valid_to.lt(today))
        .order(supplier_qualifications::valid_to)
        .limit(100)
        .select(supplier_qualifications::id)
        .load(conn)
        .await
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    category: Option<&str>,
    supplier: Option<SupplierId>,
) -> QueryResult<Vec<SupplierQualification>> {
    let mut query = supplier_qualifications::table
        .select(SupplierQualification::as_select())
        .order(supplier_qualifications::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(supplier_qualifications::id.lt(SupplierQualificationId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(supplier_qualifications::status.eq(status.clone()));
    }
    if let Some(category) = category {
        query = query.filter(supplier_qualifications::category.eq(category.to_owned()));
    }
    if let Some(supplier) = supplier {
        query = query.filter(supplier_qualifications::supplier_id.eq(supplier));
    }
    query.load(conn).await
}
