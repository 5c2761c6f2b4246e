//! The only SQL of market prices.
use super::domain::MarketPrice;
use crate::schema::market_prices;
use diesel::{
    prelude::*,
    sql_types::{Array, Date, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, page};
use wire::{
    Amount, Currency, Day, PageQuery,
    quoting::{MarketPriceId, MarketPriceQuery},
};

platform::store!(MarketPrice, market_prices);

/// A page, the one recorded last first.
pub async fn list(conn: &mut Conn, asked: &MarketPriceQuery, page: &PageQuery) -> QueryResult<Vec<MarketPrice>> {
    page!(MarketPrice, market_prices, page, all; status = page.status, sku = asked.sku).load(conn).await
}

/// What a source asks for a product.
#[derive(Debug, Clone, QueryableByName)]
pub struct MarketPoint {
    #[diesel(sql_type = SqlUuid)]
    pub id: MarketPriceId,
    #[diesel(sql_type = Text)]
    pub sku: String,
    #[diesel(sql_type = Text)]
    pub source: String,
    #[diesel(sql_type = Numeric)]
    pub unit_price: Amount,
    #[diesel(sql_type = Date)]
    pub day: Day,
}

/// Of each source the newest price of each of these skus, seen between these days, both counted.
pub async fn newest(
    mut conn: &Conn,
    skus: &[&str],
    currency: Currency,
    (from, to): (Day, Day),
) -> QueryResult<Vec<MarketPoint>> {
    const QUERY: &str = "SELECT DISTINCT ON (sku, source) id, sku, source, unit_price, day FROM market_prices \
        WHERE status = 'recorded' AND sku = ANY ($1) AND currency = $2 AND day BETWEEN $3 AND $4 \
        ORDER BY sku, source, day DESC, id DESC";
    let query = diesel::sql_query(QUERY)
        .bind::<Array<Text>, _>(skus)
        .bind::<Text, _>(currency.code())
        .bind::<Date, _>(from)
        .bind::<Date, _>(to);
    Steady(query).load(&mut conn).await
}
