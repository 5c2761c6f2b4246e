//! The inbox's SQL. Every function is one round trip.
use crate::{
    Conn, Steady,
    backoff::Next,
    schema::{inbox, suspects},
    tx::{Opening, pg_advisory_xact_lock},
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use wire::{CloudEvent, Moment};

/// One handler's view of one event.
pub(crate) struct Row {
    /// Advisory locks are the whole database's; rows are the schema's.
    service: &'static str,
    handler: &'static str,
    event: Uuid,
    key: Uuid,
}
impl Row {
    pub fn of(service: &'static str, handler: &'static str, event: &CloudEvent) -> Self {
        Self { service, handler, event: event.id.into(), key: event.partitionkey }
    }
    /// Of nothing: what a new connection asks for once, so that it knows the statements. Of a key of its own, or all who open
    /// one would wait for each other's lock.
    pub fn nobodys() -> Self {
        Self { service: "", handler: "", event: Uuid::nil(), key: Uuid::now_v7() }
    }
    fn lock_key(&self) -> i64 {
        let digest =
            Sha256::digest([self.service.as_bytes(), b"/", self.handler.as_bytes(), self.key.as_bytes()].concat());
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        i64::from_be_bytes(first)
    }
}

/// A row whose turn it is.
#[derive(QueryableByName)]
#[diesel(table_name = inbox)]
pub(crate) struct Waiting {
    pub handler: String,
    pub event_id: Uuid,
    pub kind: String,
    pub attempts: i32,
    pub arrived_at: Moment,
    pub partition_key: Uuid,
    #[diesel(sql_type = Text)]
    pub envelope: String,
}

/// One event of a key at a time per handler, also across processes; released with the transaction.
async fn lock(mut conn: &Conn, row: &Row) -> QueryResult<()> {
    diesel::select(pg_advisory_xact_lock(row.lock_key())).execute(&mut conn).await.map(drop)
}

/// What is known of this message and of those before it, once its turn has come: the look is a statement of its own behind the
/// lock, since it must see what those before have done; both are one round trip. (Not `places` of one: for
/// a list of unknown length Postgres would plan anew each time, which takes longer than the answer.)
pub(crate) async fn place(conn: &Conn, row: &Row) -> QueryResult<Place> {
    let query = diesel::sql_query(
        "SELECT i.status AS known, EXISTS (SELECT FROM inbox u WHERE u.handler = $1 AND u.partition_key = $3 AND u.status IN ('waiting', 'parked') \
             AND u.arrival < coalesce(i.arrival, 9223372036854775807)) AS queue \
         FROM (SELECT) AS one LEFT JOIN inbox i ON i.handler = $1 AND i.event_id = $2",
    );
    let query = query.bind::<Text, _>(row.handler).bind::<SqlUuid, _>(row.event).bind::<SqlUuid, _>(row.key);
    let mut second = conn;
    try_join(lock(conn, row), Steady(query).get_result(&mut second)).await.map(|((), place)| place)
}

/// The locks of several, with one statement.
async fn lock_all(mut conn: &Conn, rows: &[Row]) -> QueryResult<()> {
    let keys: Vec<i64> = rows.iter().map(Row::lock_key).collect();
    let query = diesel::sql_query("SELECT count(pg_advisory_xact_lock(key)) FROM unnest($1) AS key");
    Steady(query.bind::<Array<BigInt>, _>(keys)).execute(&mut conn).await.map(drop)
}

/// [`place`] of several, in their order.
pub(crate) async fn places(conn: &Conn, rows: &[Row]) -> QueryResult<Vec<Place>> {
    let query = diesel::sql_query(
        "SELECT i.status AS known, EXISTS (SELECT FROM inbox u WHERE u.handler = r.handler AND u.partition_key = r.key AND u.status IN ('waiting', 'parked') \
             AND u.arrival < coalesce(i.arrival, 9223372036854775807)) AS queue \
         FROM unnest($1, $2, $3) WITH ORDINALITY AS r (handler, event, key, n) LEFT JOIN inbox i ON i.handler = r.handler AND i.event_id = r.event ORDER BY r.n",
    );
    let query = query
        .bind::<Array<Text>, _>(rows.iter().map(|row| row.handler).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.event).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.key).collect::<Vec<_>>());
    let mut second = conn;
    try_join(lock_all(conn, rows), Steady(query).load(&mut second)).await.map(|((), places)| places)
}

/// What is known of one message and of those before it.
#[derive(QueryableByName)]
pub(crate) struct Place {
    /// Its own status, if it has come before.
    #[diesel(sql_type = Nullable<Text>)]
    pub known: Option<String>,
    /// An earlier one of its key is unfinished; for one that is new, any.
    #[diesel(sql_type = Bool)]
    pub queue: bool,
}

/// [`keep_done`] of several, each with the type of its event.
pub(crate) async fn keep_all_done(conn: &mut Conn, rows: &[(&Row, &str)], now: Moment) -> QueryResult<()> {
    let query = diesel::sql_query(
        "INSERT INTO inbox (handler, event_id, partition_key, kind, status, arrived_at, settled_at) \
         SELECT handler, event, key, kind, 'done', $5, $5 FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS r (handler, event, key, kind, n) ORDER BY n",
    );
    let query = query
        .bind::<Array<Text>, _>(rows.iter().map(|(row, _)| row.handler).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|(row, _)| row.event).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|(row, _)| row.key).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows.iter().map(|(_, kind)| *kind).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(now);
    Steady(query).execute(conn).await.map(drop)
}

impl Opening for Row {
    type Found = Place;
    async fn look(&self, conn: &Conn) -> QueryResult<Place> {
        place(conn, self).await
    }
}
impl Opening for [Row] {
    /// Handlers take their rows in an order in which nobody waits in a ring; several in one transaction do not. So it is always
    /// such a transaction that gives way, long before those who wait for one of its rows give up (`db::SESSION`).
    const BEGIN: &'static str = "BEGIN; SET LOCAL lock_timeout = '100ms'";
    type Found = Vec<Place>;
    async fn look(&self, conn: &Conn) -> QueryResult<Vec<Place>> {
        places(conn, self).await
    }
}

pub(crate) async fn keep_done(conn: &mut Conn, row: &Row, event: &CloudEvent, now: Moment) -> QueryResult<()> {
    insert(conn, row, &event.kind, "done", None, now).await
}
pub(crate) async fn keep_waiting(conn: &mut Conn, row: &Row, event: &CloudEvent, now: Moment) -> QueryResult<()> {
    insert(conn, row, &event.kind, "waiting", serde_json::to_string(event).ok(), now).await
}
async fn insert(
    conn: &mut Conn,
    row: &Row,
    kind: &str,
    status: &str,
    envelope: Option<String>,
    now: Moment,
) -> QueryResult<()> {
    diesel::insert_into(inbox::table)
        .values((
            inbox::handler.eq(row.handler),
            inbox::event_id.eq(row.event),
            inbox::partition_key.eq(row.key),
            inbox::kind.eq(kind),
            inbox::status.eq(status),
            inbox::envelope.eq(envelope),
            inbox::arrived_at.eq(now),
            inbox::next_attempt_at.eq((status == "waiting").then_some(now)),
            inbox::settled_at.eq((status == "done").then_some(now)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

pub(crate) async fn finish(conn: &mut Conn, row: &Row, now: Moment) -> QueryResult<()> {
    let update = diesel::update(inbox::table.find((row.handler, row.event))).set((
        inbox::status.eq("done"),
        inbox::settled_at.eq(now),
        inbox::envelope.eq(None::<String>),
        inbox::waiting_for.eq(None::<String>),
        inbox::next_attempt_at.eq(None::<Moment>),
    ));
    Steady(update).execute(conn).await.map(drop)
}

/// Keeps a failed event for later or for a person; what is already done stays done.
pub(crate) async fn set_aside(
    conn: &mut Conn,
    row: &Row,
    event: &CloudEvent,
    next: &Next,
    now: Moment,
) -> QueryResult<()> {
    let (status, error, at, waiting_for) = match next {
        Next::Wait { delay, error, waiting_for } => {
            let at = now.timestamp().checked_add(*delay).map_or(now, Moment::new);
            ("waiting", error, Some(at), waiting_for.clone())
        }
        Next::Park(reason) => ("parked", reason, None, None),
    };
    diesel::sql_query(
        "INSERT INTO inbox (handler, event_id, partition_key, kind, status, attempts, next_attempt_at, waiting_for, error, envelope, arrived_at) \
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10) \
         ON CONFLICT (handler, event_id) DO UPDATE SET status = excluded.status, attempts = CASE WHEN inbox.waiting_for IS NULL OR excluded.waiting_for IS NOT NULL THEN inbox.attempts + 1 ELSE 1 END, \
             next_attempt_at = excluded.next_attempt_at, waiting_for = excluded.waiting_for, error = excluded.error \
         WHERE inbox.status = 'waiting'",
    )
    .bind::<Text, _>(row.handler)
    .bind::<SqlUuid, _>(row.event)
    .bind::<SqlUuid, _>(row.key)
    .bind::<Text, _>(&event.kind)
    .bind::<Text, _>(status)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<Text>, _>(waiting_for)
    .bind::<Text, _>(error)
    .bind::<Nullable<Text>, _>(serde_json::to_string(event).ok())
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await
    .map(drop)
}

/// What may be tried, in the order of arrival: the time has come for it and for all before it in its line, of which none is parked.
/// Where each line stops is worked out once, not row by row: a line can be ten thousand long.
pub(crate) async fn due(conn: &mut Conn, now: Moment) -> QueryResult<Vec<Waiting>> {
    let query = diesel::sql_query(
        "WITH stops AS MATERIALIZED (SELECT handler, partition_key, min(arrival) AS at FROM inbox \
             WHERE status IN ('waiting', 'parked') AND (status = 'parked' OR next_attempt_at > $1) GROUP BY handler, partition_key) \
         SELECT i.handler, i.event_id, i.kind, i.attempts, i.arrived_at, i.partition_key, i.envelope \
         FROM inbox i LEFT JOIN stops s ON s.handler = i.handler AND s.partition_key = i.partition_key \
         WHERE i.status = 'waiting' AND i.next_attempt_at <= $1 AND (s.at IS NULL OR i.arrival < s.at) ORDER BY i.arrival LIMIT 100",
    );
    Steady(query.bind::<Timestamptz, _>(now)).load(conn).await
}

/// A waiting row whose handler the program no longer has.
pub(crate) async fn park_orphan(conn: &mut Conn, row: &Waiting) -> QueryResult<()> {
    diesel::update(inbox::table.find((&row.handler, row.event_id)))
        .set((inbox::status.eq("parked"), inbox::error.eq("this version has no such handler")))
        .execute(conn)
        .await
        .map(drop)
}

/// One start more of a message that has seen a process die; returns how many.
pub(crate) async fn count_start(conn: &mut Conn, event: Uuid) -> QueryResult<i32> {
    diesel::insert_into(suspects::table)
        .values((suspects::event_id.eq(event), suspects::started.eq(1)))
        .on_conflict(suspects::event_id)
        .do_update()
        .set(suspects::started.eq(suspects::started + 1))
        .returning(suspects::started)
        .get_result(conn)
        .await
}

/// It is no suspect any more.
pub(crate) async fn acquit(conn: &mut Conn, event: Uuid) -> QueryResult<()> {
    diesel::delete(suspects::table.find(event)).execute(conn).await.map(drop)
}
