//! The only SQL of loyalty.
use super::domain::{Dealings, LoyaltySnapshot};
use crate::{
    accounts::domain::Account,
    figures::standing_order,
    schema::{accounts, loyalty_snapshot_rows, loyalty_snapshots},
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Numeric, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::Conn;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Moment, Score,
    crm::{AccountId, LoyaltyQuarter},
};

platform::store!(LoyaltySnapshot, loyalty_snapshots);

/// The picture of a quarter, if there is one.
pub async fn of_quarter(conn: &mut Conn, quarter: &str) -> QueryResult<Option<LoyaltySnapshot>> {
    let rows = loyalty_snapshots::table.filter(loyalty_snapshots::quarter.eq(quarter));
    rows.select(LoyaltySnapshot::as_select()).first(conn).await.optional()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    account_id: AccountId,
    #[diesel(sql_type = BigInt)]
    orders: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    first_at: Option<Moment>,
    #[diesel(sql_type = Nullable<Numeric>)]
    survey_mean: Option<Decimal>,
}

/// What is known of these customers from `since` to before `at`.
pub async fn dealings(
    conn: &mut Conn,
    ids: &[AccountId],
    since: Moment,
    at: Moment,
) -> QueryResult<HashMap<AccountId, Dealings>> {
    let query = diesel::sql_query(format!(
        "SELECT a.id AS account_id, o.orders, o.first_at, s.survey_mean FROM unnest($1) a (id) \
         CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.at >= $2) AS orders, min(e.at) AS first_at \
           FROM cases k JOIN case_events e ON e.case_id = k.case_id WHERE k.account_id = a.id AND e.at < $3 AND {}) o \
         CROSS JOIN LATERAL (SELECT round(avg((e.data->>'mean')::numeric), 2) AS survey_mean \
           FROM cases k JOIN case_events e ON e.case_id = k.case_id WHERE k.account_id = a.id AND e.at >= $2 AND e.at < $3 \
           AND e.service = 'aftersales' AND e.entity = 'survey' AND e.fact = 'answered') s",
        standing_order("e")
    ));
    let query = query.bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<Row> = query.bind::<Timestamptz, _>(since).bind::<Timestamptz, _>(at).load(conn).await?;
    let entry =
        |Row { account_id, orders, first_at, survey_mean }| (account_id, Dealings { orders, first_at, survey_mean });
    Ok(rows.into_iter().map(entry).collect())
}

/// The quarters of a customer that were kept, the latest first, eight at most.
pub async fn quarters(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<LoyaltyQuarter>> {
    let rows = loyalty_snapshot_rows::table.filter(loyalty_snapshot_rows::account_id.eq(account));
    let latest = rows.order(loyalty_snapshot_rows::quarter.desc()).limit(8);
    let latest = latest.select((loyalty_snapshot_rows::quarter, loyalty_snapshot_rows::index));
    let rows: Vec<(String, Decimal)> = latest.load(conn).await?;
    Ok(rows.into_iter().map(|(quarter, index)| LoyaltyQuarter { quarter, index: Score::new(index) }).collect())
}

/// Some hundred customers in the order of their ids.
pub async fn customers(conn: &mut Conn, after: Uuid, limit: i64) -> QueryResult<Vec<Account>> {
    let rows = accounts::table.filter(accounts::id.gt(AccountId(after))).order(accounts::id).limit(limit);
    rows.select(Account::as_select()).load(conn).await
}

/// A customer's index of a quarter, whose the customer was then.
#[derive(Serialize)]
struct KeptRow<'a> {
    account_id: AccountId,
    quarter: &'a str,
    index: Score,
    owner_id: Option<&'a str>,
    team_id: Option<&'a str>,
    department_id: Option<&'a str>,
}

/// Keeps the indexes of some customers of a quarter, in one statement.
pub async fn keep(conn: &mut Conn, quarter: &str, indexes: &[(&Account, Score)]) -> QueryResult<()> {
    let mut rows = Vec::with_capacity(indexes.len());
    for (account, index) in indexes {
        rows.push(KeptRow {
            account_id: account.id,
            quarter,
            index: *index,
            owner_id: account.owner_id.as_deref(),
            team_id: account.team_id.as_deref(),
            department_id: account.department_id.as_deref(),
        });
    }
    platform::rows::insert(conn, "loyalty_snapshot_rows", &rows).await
}
