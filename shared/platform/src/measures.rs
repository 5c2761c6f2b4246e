//! What the monitoring asks of a service that no single step could tell: how old the oldest unfinished thing is, how far the
//! clocks differ, how many connections are taken. Looked up on a beat by every copy, so that a task which has died cannot
//! leave its last good value standing. Judges nothing: the alerts do.
use crate::{Result, app::App, clock::Clock};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;
use wire::Moment;

/// How often it looks. An alert waits for a minute at least.
const BEAT: Duration = Duration::from_secs(15);

/// The looks go along indexes on what is unfinished, so they cost little however much is finished. Who waits behind a parked
/// message waits for a person and is not late.
const LOOK: &str = "
SELECT (SELECT at FROM outbox WHERE published_at IS NULL ORDER BY seq LIMIT 1) AS unpublished,
       (SELECT at FROM audit_log WHERE seq > coalesce((SELECT max(to_seq) FROM audit_seals), 0) ORDER BY seq LIMIT 1) AS unsealed,
       count(*) FILTER (WHERE status = 'parked') AS parked,
       min(arrived_at) FILTER (WHERE status = 'waiting' AND (stop IS NULL OR arrival < stop)) AS waiting,
       clock_timestamp() AS clock
  FROM (SELECT status, arrived_at, arrival,
               min(arrival) FILTER (WHERE status = 'parked') OVER (PARTITION BY handler, partition_key) AS stop
          FROM inbox WHERE status IN ('waiting', 'parked')) AS unfinished";

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    unpublished: Option<Moment>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    unsealed: Option<Moment>,
    #[diesel(sql_type = BigInt)]
    parked: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    waiting: Option<Moment>,
    #[diesel(sql_type = Timestamptz)]
    clock: Moment,
}

/// Looks on each beat until told to stop.
pub(crate) async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    begin(&app);
    loop {
        if let Err(error) = look(&app).await {
            tracing::warn!(service = app.name, error = format!("{error:?}"), "measure");
        }
        tokio::select! { biased; _ = stop.changed() => return, () = tokio::time::sleep(BEAT) => {} }
    }
}

/// Counters exist before what they count happens: a first event that makes its counter is no increase to who asks for one.
fn begin(app: &App) {
    for name in ["yewu_published_total", "yewu_publish_unroutable_total", "yewu_http_turned_away_total"] {
        metrics::counter!(name, "service" => app.name).increment(0);
    }
    for subscription in &app.subscriptions.0 {
        metrics::counter!("yewu_parked_total", "service" => app.name, "handler" => subscription.name).increment(0);
    }
    succeeded(app);
}

fn succeeded(app: &App) {
    metrics::gauge!("yewu_measured_timestamp_seconds", "service" => app.name).set(seconds(app.clock.now().timestamp()));
}

/// One look: sets the gauges.
///
/// # Errors
/// The database does not answer; no gauge has changed then.
pub async fn look(app: &App) -> Result<()> {
    for (pool, used) in app.doors.used() {
        metrics::gauge!("yewu_database_connections_used", "service" => app.name, "pool" => pool).set(used);
    }
    let mut conn = app.readers.get().await?;
    let asked = app.clock.now().timestamp();
    let seen: Seen = diesel::sql_query(LOOK).get_result(&mut conn).await?;
    let now = app.clock.now().timestamp();
    let age = |at: Option<Moment>| at.map_or(0.0, |at| now.duration_since(at.timestamp()).as_secs_f64().max(0.0));
    let service = app.name;
    metrics::gauge!("yewu_outbox_oldest_unpublished_seconds", "service" => service).set(age(seen.unpublished));
    metrics::gauge!("yewu_audit_oldest_unsealed_seconds", "service" => service).set(age(seen.unsealed));
    metrics::gauge!("yewu_inbox_waiting_oldest_seconds", "service" => service).set(age(seen.waiting));
    #[expect(clippy::cast_precision_loss, reason = "a number of messages")]
    metrics::gauge!("yewu_parked_messages", "service" => service).set(seen.parked as f64);
    // The database was asked half-way between the two looks at our own clock.
    let middle = asked + now.duration_since(asked) / 2;
    let offset = seen.clock.timestamp().duration_since(middle).as_secs_f64();
    metrics::gauge!("yewu_clock_offset_seconds", "service" => service).set(offset);
    succeeded(app);
    Ok(())
}

/// Unix time, as Prometheus counts it.
pub(crate) fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

/// A job's beat, and that it has just begun to be expected.
pub(crate) fn expect_job(service: &'static str, job: &'static str, every: Duration, clock: &Clock) {
    metrics::gauge!("yewu_job_interval_seconds", "service" => service, "task" => job).set(every.as_secs_f64());
    job_succeeded(service, job, clock);
}

/// A job has done its work.
pub(crate) fn job_succeeded(service: &'static str, job: &'static str, clock: &Clock) {
    let now = seconds(clock.now().timestamp());
    metrics::gauge!("yewu_job_last_success_timestamp_seconds", "service" => service, "task" => job).set(now);
}

/// How long somebody waited for a connection; `pool` is `write` or `read`.
pub(crate) fn waited(service: &'static str, pool: &'static str, since: std::time::Instant) {
    let waited = since.elapsed().as_secs_f64();
    metrics::histogram!("yewu_database_wait_seconds", "service" => service, "pool" => pool).record(waited);
}
