//! The only SQL of sample tests; `passed` is what requests for quotation ask of them.
use super::domain::SampleTest;
use crate::schema::sample_tests;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, scoped};
use wire::{
    PageQuery,
    procurement::{RfqId, SampleTestId, SampleTestStatus, SupplierId},
};

platform::store!(SampleTest, sample_tests);

/// The number of a supplier's test in a request that is not finished.
pub async fn open_of(conn: &mut Conn, rfq: RfqId, supplier: SupplierId) -> QueryResult<Option<String>> {
    sample_tests::table
        .filter(sample_tests::rfq_id.eq(rfq))
        .filter(sample_tests::supplier_id.eq(supplier))
        .filter(sample_tests::status.eq_any(["requested", "received", "testing"]))
        .select(sample_tests::number)
        .first(conn)
        .await
        .optional()
}

/// Suppliers whose latest test in these requests was passed; cancelled tests say nothing.
pub async fn passed(conn: &mut Conn, rfqs: &[RfqId]) -> QueryResult<Vec<(RfqId, SupplierId)>> {
    let latest: Vec<(RfqId, SupplierId, SampleTestStatus)> = sample_tests::table
        .filter(sample_tests::rfq_id.eq_any(rfqs))
        .filter(sample_tests::status.ne("cancelled"))
        .distinct_on((sample_tests::rfq_id, sample_tests::supplier_id))
        .order((sample_tests::rfq_id, sample_tests::supplier_id, sample_tests::id.desc()))
        .select((sample_tests::rfq_id, sample_tests::supplier_id, sample_tests::status))
        .load(conn)
        .await?;
    let passed = latest.into_iter().filter(|(.., status)| *status == SampleTestStatus::Passed);
    Ok(passed.map(|(rfq, supplier, _)| (rfq, supplier)).collect())
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    rfq: Option<RfqId>,
    sight: &Sight,
) -> QueryResult<Vec<SampleTest>> {
    let mut query = sample_tests::table
        .select(SampleTest::as_select())
        .order(sample_tests::id.desc())
        .limit(page.fetch())
        .into_boxed();
    query = scoped!(query, sample_tests, sight);
    if let Some(after) = page.after {
        query = query.filter(sample_tests::id.lt(SampleTestId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(sample_tests::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(sample_tests::status.eq(status.clone()));
    }
    if let Some(rfq) = rfq {
        query = query.filter(sample_tests::rfq_id.eq(rfq));
    }
    query.load(conn).await
}

platform::handed!(SampleTest, sample_tests; row: this, closed: ["passed", "failed", "cancelled"]);
