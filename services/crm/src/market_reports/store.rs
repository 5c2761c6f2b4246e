//! The only SQL of market reports.
use super::domain::MarketReport;
use crate::schema::market_reports;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, page};
use wire::PageQuery;

platform::store!(MarketReport, market_reports);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<MarketReport>> {
    page!(MarketReport, market_reports, query, all; status = query.status).load(conn).await
}
