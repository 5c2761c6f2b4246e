//! The only SQL of inspection reports.
use super::domain::InspectionReport;
use crate::schema::inspection_reports;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::orders::{InspectionId, InspectionReportId};

impl Store for InspectionReport {
    async fn lock(conn: &mut Conn, id: InspectionReportId) -> QueryResult<Option<Self>> {
        inspection_reports::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(inspection_reports::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = inspection_reports::table.find(self.id).filter(inspection_reports::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// The report on an inspection.
pub async fn of_inspection(conn: &mut Conn, inspection: InspectionId) -> QueryResult<Option<InspectionReport>> {
    let found = inspection_reports::table.filter(inspection_reports::inspection_id.eq(inspection));
    found.select(InspectionReport::as_select()).first(conn).await.optional()
}
