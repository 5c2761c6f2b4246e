//! Replicas: other services' masters, kept where they are needed (ruling 9). One table, one line per kind in a service's
//! `consumers`; a replica remembers its source's version and ignores older facts. Nothing here may be changed by hand.
use crate::{ApiError, Conn, Result, Steady, Subscriptions, Tx, schema::replicas};
use diesel::{
    prelude::*,
    sql_types::{Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::{Event, Snapshot};

impl Subscriptions {
    /// Keeps the snapshot that each `E` carries. `handler` is the inbox identity, like any handler's.
    pub fn replicate<E: Event + Into<S>, S: Snapshot>(&mut self, handler: &'static str) -> &mut Self {
        self.on(handler, keep::<E, S>)
    }
}

async fn keep<E: Event + Into<S>, S: Snapshot>(tx: &mut Tx, event: E) -> Result<()> {
    let snapshot: S = event.into();
    let query = diesel::sql_query(
        "INSERT INTO replicas (kind, id, key, source_version, data) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (kind, id) DO UPDATE SET key = excluded.key, source_version = excluded.source_version, data = excluded.data \
         WHERE replicas.source_version < excluded.source_version",
    )
    .bind::<Text, _>(S::KIND)
    .bind::<SqlUuid, _>(snapshot.id())
    .bind::<Nullable<Text>, _>(snapshot.key())
    .bind::<Integer, _>(snapshot.version())
    .bind::<Jsonb, _>(serde_json::to_value(&snapshot)?);
    Steady(query).execute(tx.conn()).await?;
    tx.landed(S::KIND, snapshot.id());
    if let Some(key) = snapshot.key() {
        tx.landed(S::KIND, key);
    }
    Ok(())
}

/// By id.
pub async fn find<S: Snapshot>(mut conn: &Conn, id: Uuid) -> Result<Option<S>> {
    let row: Option<serde_json::Value> =
        replicas::table.find((S::KIND, id)).select(replicas::data).first(&mut conn).await.optional()?;
    row.map(read).transpose()
}

/// By their own keys (skus, references), in one query, or none where there are no keys; what is not known is left out.
pub async fn find_by_keys<S: Snapshot>(mut conn: &Conn, keys: &[&str]) -> Result<Vec<S>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<serde_json::Value> = replicas::table
        .filter(replicas::kind.eq(S::KIND))
        .filter(replicas::key.eq_any(keys))
        .select(replicas::data)
        .load(&mut conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// All of a kind whose snapshot holds these fields: for small masters such as people.
pub async fn all_with<S: Snapshot>(conn: &mut Conn, fields: serde_json::Value) -> Result<Vec<S>> {
    let rows: Vec<serde_json::Value> = replicas::table
        .filter(replicas::kind.eq(S::KIND))
        .filter(replicas::data.contains(fields))
        .select(replicas::data)
        .load(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

impl Tx {
    /// A replica a consumer needs: waits (`NotYet`) while it has not arrived.
    pub async fn await_replica<S: Snapshot>(&self, id: Uuid) -> Result<S> {
        find(self.shared(), id).await?.ok_or_else(|| ApiError::NotYet(format!("{}:{id}", S::KIND)))
    }
    /// A replica a request names in field `pointer`: 422 while it is unknown here.
    pub async fn named_replica<S: Snapshot>(&self, pointer: &str, id: Uuid) -> Result<S> {
        find(self.shared(), id).await?.ok_or_else(|| ApiError::unheard(pointer, S::KIND, id))
    }
}

fn read<S: Snapshot>(data: serde_json::Value) -> Result<S> {
    Ok(serde_json::from_value(data)?)
}
