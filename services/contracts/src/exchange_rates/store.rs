//! The only SQL of exchange rates.
use super::domain::{RateRow, converted};
use crate::schema::exchange_rates;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use rust_decimal::Decimal;
use wire::{Currency, Day, Money, PageQuery, contracts::ExchangeRateId};

platform::store!(RateRow, exchange_rates);

/// The id of a day's rate.
pub async fn named(conn: &mut Conn, date: Day, currency: Currency) -> QueryResult<Option<ExchangeRateId>> {
    let found = exchange_rates::table.filter(exchange_rates::date.eq(date));
    let found = found.filter(exchange_rates::currency.eq(currency));
    found.select(exchange_rates::id).first(conn).await.optional()
}

/// What money comes to in `base` by the rate of exactly that day; `None` where nobody has stated one. Rates are in renminbi.
pub async fn convert(conn: &mut Conn, money: Money, base: Currency, date: Day) -> QueryResult<Option<Decimal>> {
    if money.currency == base {
        return Ok(Some(money.amount.get()));
    }
    let found = exchange_rates::table.filter(exchange_rates::date.eq(date));
    let found = found.filter(exchange_rates::currency.eq(money.currency));
    let rate = found.select(exchange_rates::per_hundred).first(conn).await.optional()?;
    Ok(rate.filter(|_| base == Currency::CNY).map(|rate| converted(money.amount, rate)))
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<RateRow>> {
    let mut query = exchange_rates::table
        .select(RateRow::as_select())
        .order(exchange_rates::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(exchange_rates::id.lt(ExchangeRateId(after)));
    }
    query.load(conn).await
}
