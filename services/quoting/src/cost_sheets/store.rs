//! The only SQL of cost sheets.
use super::domain::CostSheet;
use crate::schema::cost_sheets;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::PageQuery;

platform::store!(CostSheet, cost_sheets);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery, sight: &Sight) -> QueryResult<Vec<CostSheet>> {
    page!(CostSheet, cost_sheets, query, sight; case_id = query.case_id, status = query.status).load(conn).await
}

platform::handed!(CostSheet, cost_sheets; row: this, closed: []);
