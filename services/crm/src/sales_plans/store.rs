//! The only SQL of sales plans.
use super::domain::SalesPlan;
use crate::schema::sales_plans;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::PageQuery;

platform::store!(SalesPlan, sales_plans);
platform::handed!(SalesPlan, sales_plans; row: this, closed: ["reviewed"]);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery, sight: &Sight) -> QueryResult<Vec<SalesPlan>> {
    page!(SalesPlan, sales_plans, query, sight; status = query.status).load(conn).await
}
