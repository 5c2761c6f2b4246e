//! The only SQL of cost sheets.
use super::domain::CostSheet;
use crate::schema::cost_sheets;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::quoting::CostSheetQuery;

platform::store!(CostSheet, cost_sheets);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &CostSheetQuery, sight: &Sight) -> QueryResult<Vec<CostSheet>> {
    let page = query.page();
    page!(CostSheet, cost_sheets, page, sight; case_id = page.case_id, status = page.status,
        account_id = query.account_id, opportunity_id = query.opportunity_id, quote_id = query.quote_id)
    .load(conn)
    .await
}

platform::handed!(CostSheet, cost_sheets; row: this, closed: []);
