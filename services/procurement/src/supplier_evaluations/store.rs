//! The only SQL of evaluations; what the purchases show is read in `evidence`.
use super::domain::SupplierEvaluation;
use crate::schema::supplier_evaluations;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    PageQuery,
    procurement::{SupplierEvaluationId, SupplierId},
};

platform::store!(SupplierEvaluation, supplier_evaluations);

/// Is there one of this supplier and year? Asked under the lock of the supplier.
pub async fn is_taken(conn: &mut Conn, supplier: SupplierId, year: i16) -> QueryResult<bool> {
    let same = supplier_evaluations::table
        .filter(supplier_evaluations::supplier_id.eq(supplier))
        .filter(supplier_evaluations::year.eq(i32::from(year)));
    diesel::select(exists(same)).get_result(conn).await
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    supplier: Option<SupplierId>,
    year: Option<i16>,
) -> QueryResult<Vec<SupplierEvaluation>> {
    let mut query = supplier_evaluations::table
        .select(SupplierEvaluation::as_select())
        .order(supplier_evaluations::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(supplier_evaluations::id.lt(SupplierEvaluationId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(supplier_evaluations::status.eq(status.clone()));
    }
    if let Some(supplier) = supplier {
        query = query.filter(supplier_evaluations::supplier_id.eq(supplier));
    }
    if let Some(year) = year {
        query = query.filter(supplier_evaluations::year.eq(i32::from(year)));
    }
    query.load(conn).await
}
