//! The relay: carries the outbox to the bus in the order of `seq`, in windows, and marks after the confirm.
//! One relay a schema works at a time: the holder of the lease row, in its epoch (an advisory lock would stay with a
//! frozen process). A zombie that wakes up can only send old ids again, which every inbox drops.
use crate::{
    Conn, Result, Steady,
    app::App,
    bus::{Parcel, Sender},
    schema::{outbox, relay_lease},
    teeth::{crash, planted},
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::time::Instant;
use uuid::Uuid;
use wire::Moment;

/// Rows taken at once: a closed window or two.
const BATCH: i64 = 512;
/// How long a lease lives without its holder.
const LEASE: Duration = Duration::from_secs(10);
/// A key whose fact found no queue pauses this long; the others go on.
const PAUSE: Duration = Duration::from_secs(1);

/// The relay of one service.
pub(crate) struct Relay {
    app: Arc<App>,
    sender: Sender,
    lease: Option<(i64, Instant)>,
    paused: HashMap<Uuid, Instant>,
    /// The last look did not carry all that there was: it found as much as it takes, or something was not confirmed.
    more: bool,
    /// Only planted bugs look at numbers; the rows themselves say what is left to do.
    planted_floor: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct Waiting {
    seq: i64,
    id: Uuid,
    kind: String,
    partition_key: Uuid,
    shard: i16,
    envelope: String,
}

impl Relay {
    pub fn new(app: Arc<App>, sender: Sender) -> Self {
        Self { app, sender, lease: None, paused: HashMap::new(), more: false, planted_floor: None }
    }

    /// Until told to stop; wakes by commit, by another copy's notice, and each second.
    pub async fn run(mut self, mut stop: tokio::sync::watch::Receiver<bool>) {
        loop {
            let pause = match self.once().await {
                Ok(marked) if self.more && marked > 0 => continue,
                Ok(_) => Duration::from_secs(1),
                Err(error) => {
                    tracing::warn!(service = self.app.name, error = format!("{error:?}"), "relay");
                    Duration::from_millis(500)
                }
            };
            tokio::select! {
                () = self.app.relay.notified() => {
                    if self.lease.is_none() {
                        let _ = self.tell_leader().await;
                    }
                }
                () = self.app.heard.notified() => {} // never passed on, or two copies would wake each other for ever
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
            if *stop.borrow() {
                let _ = self.give_up().await;
                return;
            }
        }
    }

    /// One batch; returns how many were published and marked.
    pub async fn once(&mut self) -> Result<usize> {
        let app = self.app.clone();
        let mut conn = app.writers.get().await?;
        let Some(epoch) = self.hold(&mut conn).await? else { return Ok(0) };
        let now = Instant::now();
        self.paused.retain(|_, until| *until > now);
        let paused: Vec<Uuid> = self.paused.keys().copied().collect();
        let rows: Vec<Waiting> = outbox::table
            .filter(outbox::published_at.is_null())
            .filter(outbox::partition_key.ne_all(paused))
            .filter(outbox::seq.gt(self.floor(&mut conn).await?))
            .order(outbox::seq)
            .limit(BATCH)
            .select(Waiting::as_select())
            .load(&mut conn)
            .await?;
        if rows.is_empty() {
            return Ok(0);
        }
        drop(conn); // publishing may take seconds; requests need the connection more
        if planted("B04") {
            self.mark(&rows.iter().map(|row| row.seq).collect::<Vec<_>>(), epoch).await?;
        }
        let parcels = rows.iter().map(|row| self.parcel(row)).collect();
        let window = self.sender.publish(parcels).await.map_err(crate::ApiError::internal)?;
        crash("published");
        for id in &window.unroutable {
            if let Some(row) = rows.iter().find(|row| row.id == *id) {
                tracing::error!(service = self.app.name, event = %id, kind = row.kind, "no queue is bound for it; is `yewu migrate` due?");
                metrics::counter!("yewu_publish_unroutable_total", "service" => self.app.name).increment(1);
                self.paused.insert(row.partition_key, now + PAUSE);
            }
        }
        self.more = window.confirmed.len() < rows.len() || i64::try_from(rows.len()).is_ok_and(|taken| taken == BATCH);
        let sent: Vec<i64> = rows.iter().filter(|row| window.confirmed.contains(&row.id)).map(|row| row.seq).collect();
        if planted("B05") {
            self.planted_floor = rows.last().map(|row| row.seq);
        }
        self.mark(&sent, epoch).await
    }

    /// Nothing is below what is looked at, but where a bug is planted.
    async fn floor(&mut self, conn: &mut Conn) -> Result<i64> {
        if planted("B01") && self.planted_floor.is_none() {
            let last: Option<i64> = outbox::table.select(diesel::dsl::max(outbox::seq)).get_result(conn).await?;
            self.planted_floor = Some(last.unwrap_or(0));
        }
        Ok(self.planted_floor.unwrap_or(0))
    }

    fn parcel(&self, row: &Waiting) -> Parcel {
        Parcel {
            id: row.id,
            kind: row.kind.clone(),
            shard: u8::try_from(row.shard).unwrap_or(0),
            mandatory: self.app.manifest.hears(&row.kind) && !planted("B07"),
            body: row.envelope.clone().into_bytes(),
            traceparent: None, // it stands in the envelope
        }
    }

    async fn mark(&mut self, sent: &[i64], epoch: i64) -> Result<usize> {
        let mut conn = self.app.writers.get().await?;
        // Only in our epoch. It need not wait for the disk: a mark that a crash of the database takes back means sending again.
        let mark = diesel::sql_query(
            "UPDATE outbox SET published_at = $1 WHERE seq = ANY ($2) \
             AND EXISTS (SELECT FROM relay_lease WHERE holder = $3 AND epoch = $4) AND set_config('synchronous_commit', 'off', true) = 'off'",
        )
        .bind::<Timestamptz, _>(self.app.clock.now())
        .bind::<Array<BigInt>, _>(sent)
        .bind::<SqlUuid, _>(self.app.holder)
        .bind::<BigInt, _>(epoch);
        let marked = Steady(mark).execute(&mut conn).await?;
        crash("marked");
        if marked == 0 && !sent.is_empty() {
            self.lease = None; // another copy leads now; it sends them again
        }
        metrics::counter!("yewu_published_total", "service" => self.app.name).increment(marked as u64);
        Ok(marked)
    }

    /// The lease's epoch, if it is ours; renewed at half its life.
    async fn hold(&mut self, conn: &mut Conn) -> Result<Option<i64>> {
        if let Some((epoch, until)) = self.lease
            && until > Instant::now()
        {
            return Ok(Some(epoch));
        }
        let asked = Instant::now();
        let taken: Option<i64> = diesel::sql_query(
            "UPDATE relay_lease SET epoch = epoch + (holder IS DISTINCT FROM $1)::int, holder = $1, expires_at = clock_timestamp() + $2 * interval '1 second' \
             WHERE holder = $1 OR expires_at < clock_timestamp() RETURNING epoch",
        )
        .bind::<SqlUuid, _>(self.app.holder)
        .bind::<Integer, _>(10)
        .get_result::<Epoch>(conn)
        .await
        .optional()?
        .map(|row| row.epoch);
        self.lease = taken.map(|epoch| (epoch, asked + LEASE / 2));
        Ok(taken)
    }
    /// Not ours: the leader, in another process, is told that there is work.
    async fn tell_leader(&self) -> Result<()> {
        let mut conn = self.app.writers.get().await?;
        diesel::sql_query(format!("NOTIFY outbox_{}", self.app.name)).execute(&mut conn).await?;
        Ok(())
    }
    async fn give_up(&mut self) -> Result<()> {
        let mut conn = self.app.writers.get().await?;
        diesel::update(relay_lease::table.filter(relay_lease::holder.eq(self.app.holder)))
            .set(relay_lease::holder.eq(None::<Uuid>))
            .execute(&mut conn)
            .await?;
        diesel::sql_query("UPDATE relay_lease SET expires_at = '-infinity' WHERE holder IS NULL")
            .execute(&mut conn)
            .await?;
        Ok(())
    }
}

/// How many facts are made to go out again at once: short statements, no row locked for long.
const REPLAYED_AT_ONCE: i64 = 2_000;

/// Makes every fact told since then go out again, in its order; returns how many. Receivers drop those that they have.
pub async fn replay(app: &App, since: Moment) -> Result<usize> {
    // What a relay has in hand at this moment was sent before, too: in a new epoch its mark no longer counts.
    let mut conn = app.writers.get().await?;
    diesel::update(relay_lease::table).set(relay_lease::epoch.eq(relay_lease::epoch + 1)).execute(&mut conn).await?;
    drop(conn);
    let (mut after, mut facts) = (0, 0);
    loop {
        let mut conn = app.writers.get().await?;
        let next: Vec<i64> = outbox::table
            .filter(outbox::seq.gt(after))
            .filter(outbox::at.ge(since))
            .order(outbox::seq)
            .limit(REPLAYED_AT_ONCE)
            .select(outbox::seq)
            .load(&mut conn)
            .await?;
        let Some(last) = next.last() else { return Ok(facts) };
        (after, facts) = (*last, facts + next.len());
        diesel::update(outbox::table)
            .filter(outbox::seq.eq_any(next))
            .filter(outbox::published_at.is_not_null())
            .set(outbox::published_at.eq(None::<Moment>))
            .execute(&mut conn)
            .await?;
    }
}

#[derive(QueryableByName)]
struct Epoch {
    #[diesel(sql_type = BigInt)]
    epoch: i64,
}

/// Wakes the relay when another copy of the service has written; reconnects for ever.
pub(crate) async fn listen(app: Arc<App>, mut stop: tokio::sync::watch::Receiver<bool>) {
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    use futures_util::StreamExt;
    loop {
        let hear = async {
            let mut conn = Conn::establish(&app.doors.writer_url().ok()?).await.ok()?;
            conn.batch_execute(&format!("LISTEN outbox_{}", app.name)).await.ok()?;
            let mut notices = std::pin::pin!(conn.notifications_stream());
            while let Some(Ok(_)) = notices.next().await {
                app.heard.notify_one();
            }
            Some(())
        };
        tokio::select! {
            _ = hear => {}
            _ = stop.changed() => return,
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
