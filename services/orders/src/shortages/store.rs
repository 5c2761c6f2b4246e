//! The only SQL of shortages and of quoting's suggestions for them.
use super::domain::Shortage;
use crate::{schema::shortages, store::part};
use diesel::{
    prelude::*,
    sql_types::{Array, Jsonb, Text},
};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{
    Snapshot,
    json::Kept,
    orders::{OrderId, ShortageId},
    quoting::AlternativeSnapshot,
};

part!(Shortage, shortages, ShortageId);

/// The shortage of an order that is not resolved.
pub async fn open_of(conn: &mut Conn, order: OrderId) -> QueryResult<Option<ShortageId>> {
    shortages::table
        .filter(shortages::order_id.eq(order))
        .filter(shortages::status.eq_any(["open", "decided"]))
        .select(shortages::id)
        .first(conn)
        .await
        .optional()
}

#[derive(QueryableByName)]
struct Suggestion {
    #[diesel(sql_type = Jsonb)]
    data: Kept<AlternativeSnapshot>,
}

/// What quoting suggests instead of these skus, best first: replicas are found by their own key, and a suggestion has none.
pub async fn suggestions(conn: &mut Conn, skus: &[&str]) -> QueryResult<Vec<AlternativeSnapshot>> {
    let rows: Vec<Suggestion> = diesel::sql_query(
        "SELECT data FROM replicas WHERE kind = $1 AND data->>'sku' = ANY($2) AND data->>'status' = 'active' \
         ORDER BY data->>'sku', (data->>'rank')::int, id",
    )
    .bind::<Text, _>(AlternativeSnapshot::KIND)
    .bind::<Array<Text>, _>(skus)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.data.0).collect())
}

platform::handed!(Shortage, shortages; row: this, closed: ["resolved", "cancelled"]);
