//! The only SQL of inspection reports.
use super::domain::InspectionReport;
use crate::schema::inspection_reports;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::orders::InspectionId;

platform::store!(InspectionReport, inspection_reports);

/// The report on an inspection.
pub async fn of_inspection(conn: &mut Conn, inspection: InspectionId) -> QueryResult<Option<InspectionReport>> {
    let found = inspection_reports::table.filter(inspection_reports::inspection_id.eq(inspection));
    found.select(InspectionReport::as_select()).first(conn).await.optional()
}
