//! The only SQL of figures: the questions are asked here.
use super::questions::{Basis, Span};
use crate::{market_share_points, periods, sales_targets::domain::SalesTarget, scope::Within};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{ApiError, Conn, Result};
use rust_decimal::Decimal;
use uuid::Uuid;
use wire::{Currency, Moment, crm::SalesMetric, kpi::Period};

/// How many, what they add up to, and their parts of the denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Counted {
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    #[diesel(sql_type = Numeric)]
    pub sum: Decimal,
    #[diesel(sql_type = Numeric)]
    pub weight: Decimal,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Record {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub at: Moment,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner_id: Option<String>,
    #[diesel(sql_type = Numeric)]
    pub value: Decimal,
    #[diesel(sql_type = Numeric)]
    pub weight: Decimal,
}

macro_rules! asked {
    ($sql:expr, $span:expr) => {
        diesel::sql_query($sql)
            .bind::<Array<Text>, _>(&$span.within.values)
            .bind::<Timestamptz, _>($span.from)
            .bind::<Timestamptz, _>($span.until)
            .bind::<Text, _>($span.currency.map_or("", Currency::code))
            .bind::<Text, _>(&$span.period)
            .bind::<Text, _>(&$span.before)
    };
}

async fn add_up(conn: &mut Conn, question: &str, span: &Span) -> QueryResult<Counted> {
    let sums = format!(
        "SELECT count(*) AS count, coalesce(sum(r.value), 0) AS sum, coalesce(sum(r.weight), 0) AS weight FROM ({question}) r"
    );
    asked!(sums, span).get_result(conn).await
}

/// How many records there are, and what they add up to.
pub async fn count(conn: &mut Conn, basis: Basis, span: &Span) -> QueryResult<Counted> {
    add_up(conn, &basis.question(&span.within, false), span).await
}

/// How many more there would be if those counted that lack something: the currency, the cost.
pub async fn left_out(conn: &mut Conn, basis: Basis, span: &Span, counted: i64) -> QueryResult<i64> {
    let whole = add_up(conn, &basis.question(&span.within, true), span).await?;
    Ok((whole.count - counted).max(0))
}

/// The records themselves, the youngest ids first: at most `limit`, those before `after`.
pub async fn records(
    conn: &mut Conn,
    basis: Basis,
    span: &Span,
    (after, limit): (Option<Uuid>, i64),
) -> QueryResult<Vec<Record>> {
    let question = basis.question(&span.within, false);
    let page = format!(
        "SELECT r.kind, r.id, r.number, r.at, r.owner_id, r.value, r.weight FROM ({question}) r \
         WHERE $7 IS NULL OR r.id < $7 ORDER BY r.id DESC LIMIT $8"
    );
    asked!(page, span).bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(limit).load(conn).await
}

impl Span {
    /// A period of somebody, for what is counted.
    pub fn of(basis: Basis, period: Period, within: Within, currency: Option<Currency>) -> Result<Self> {
        let (from, until) = periods::moments(period);
        let (last, before) = match basis {
            Basis::LoyaltyChange => {
                (periods::last_quarter(period.last())?, periods::last_quarter(period.before().last())?)
            }
            _ => (period, period.before()),
        };
        Ok(Self { within, from, until, currency, period: last.to_string(), before: before.to_string() })
    }
    /// Of it what has passed: what is to be done later is neither done nor missed.
    #[must_use]
    pub fn so_far(self, now: Moment) -> Self {
        Self { until: self.until.min(now), ..self }
    }
}

/// What a target's subject has reached in its period; `None` where nothing is known. Market share is the mean of the period's
/// points, in percent.
pub async fn attained(conn: &mut Conn, target: &SalesTarget) -> Result<Option<Decimal>> {
    let period: Period = target.period.parse().map_err(ApiError::internal)?;
    let basis = match target.metric {
        SalesMetric::Revenue => Basis::Won,
        SalesMetric::Profit => Basis::Profit,
        SalesMetric::NewCustomers => Basis::FirstOrders,
        SalesMetric::MarketShare => {
            let share = market_share_points::mean(conn, &target.period).await?;
            return Ok(share.map(|share| (share * Decimal::ONE_HUNDRED).round_dp(4)));
        }
    };
    let span = Span::of(basis, period, Within::subject(target.subject_kind, &target.subject), target.currency)?;
    Ok(Some(count(conn, basis, &span).await?.sum))
}
