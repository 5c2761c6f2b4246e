//! The only SQL of discrepancies.
use super::domain::Discrepancy;
use crate::schema::receipt_discrepancies;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, scoped};
use wire::procurement::{DiscrepancyId, DiscrepancyQuery};

platform::store!(Discrepancy, receipt_discrepancies);

/// At most `fetch` of them, newest first.
pub async fn list(
    conn: &mut Conn,
    query: &DiscrepancyQuery,
    fetch: i64,
    sight: &Sight,
) -> QueryResult<Vec<Discrepancy>> {
    let mut rows = receipt_discrepancies::table
        .select(Discrepancy::as_select())
        .order(receipt_discrepancies::id.desc())
        .limit(fetch)
        .into_boxed();
    rows = scoped!(rows, receipt_discrepancies, sight);
    if let Some(after) = query.after {
        rows = rows.filter(receipt_discrepancies::id.lt(DiscrepancyId(after)));
    }
    if let Some(case) = query.case_id {
        rows = rows.filter(receipt_discrepancies::case_id.eq(case));
    }
    if let Some(status) = &query.status {
        rows = rows.filter(receipt_discrepancies::status.eq(status.clone()));
    }
    if let Some(order) = query.purchase_order_id {
        rows = rows.filter(receipt_discrepancies::purchase_order_id.eq(order));
    }
    if let Some(receipt) = query.goods_receipt_id {
        rows = rows.filter(receipt_discrepancies::goods_receipt_id.eq(receipt));
    }
    if let Some(supplier) = query.supplier_id {
        rows = rows.filter(receipt_discrepancies::supplier_id.eq(supplier));
    }
    rows.load(conn).await
}

platform::handed!(Discrepancy, receipt_discrepancies; row: this, closed: ["closed"]);
