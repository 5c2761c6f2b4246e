//! The only SQL of points of market share.
use super::domain::MarketSharePoint;
use crate::schema::market_share_points;
use diesel::{
    dsl::{avg, exists},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use platform::{Conn, page};
use rust_decimal::Decimal;
use wire::PageQuery;

platform::store!(MarketSharePoint, market_share_points);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<MarketSharePoint>> {
    page!(MarketSharePoint, market_share_points, query, all).load(conn).await
}

/// Has the market a point for this period?
pub async fn is_known(conn: &mut Conn, market: &str, period: &str) -> QueryResult<bool> {
    let same = market_share_points::table.filter(market_share_points::period.eq(period));
    diesel::select(exists(same.filter(market_share_points::market.eq(market)))).get_result(conn).await
}

/// The points of a period, by market.
pub async fn of_period(conn: &mut Conn, period: &str) -> QueryResult<Vec<MarketSharePoint>> {
    let points = market_share_points::table.filter(market_share_points::period.eq(period));
    points.order(market_share_points::market).select(MarketSharePoint::as_select()).load(conn).await
}

/// The mean of a period's points, 0 to 1; `None` where there are none.
pub async fn mean(conn: &mut Conn, period: &str) -> QueryResult<Option<Decimal>> {
    let points = market_share_points::table.filter(market_share_points::period.eq(period));
    points.select(avg(market_share_points::share)).first(conn).await
}
