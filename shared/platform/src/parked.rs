//! Messages that only a person can help: look, retry, give up. Each decision is a line in the audit log.
use crate::{
    ApiError, Conn, Result, Stamp, Tx,
    app::App,
    schema::inbox,
    telemetry::Trace,
    tx::{Access, Cause},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::{Moment, Ownership, common::ParkedMessage};

#[derive(Queryable, Selectable)]
#[diesel(table_name = inbox)]
struct Parked {
    handler: String,
    event_id: Uuid,
    kind: String,
    status: String,
    attempts: i32,
    error: Option<String>,
    arrived_at: Moment,
    envelope: Option<String>,
}
impl From<Parked> for ParkedMessage {
    fn from(row: Parked) -> Self {
        let Parked { handler, event_id, kind, status, attempts, error, arrived_at, envelope } = row;
        let event = envelope.and_then(|text| serde_json::from_str(&text).ok());
        Self { handler, event_id, kind, status, attempts, error, arrived_at, event }
    }
}

/// All parked messages of one service, oldest first.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<ParkedMessage>> {
    let rows: Vec<Parked> = inbox::table
        .filter(inbox::status.eq("parked"))
        .order(inbox::arrival)
        .select(Parked::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What an operator decides about a parked message from outside a request: a program on the server.
#[derive(Debug, Clone, Copy)]
pub enum Decision<'a> {
    /// Try it again, now; those behind it follow in order.
    Retry,
    /// Give it up for good, with the reason.
    Discard(&'a str),
}

/// Carries the decision out in a transaction of its own; `actor` stands in the audit log.
pub async fn decide(
    app: &App,
    actor: &str,
    handler: &str,
    event: Uuid,
    decision: Decision<'_>,
) -> Result<ParkedMessage> {
    let trace = Trace::of("", &app.clock);
    let cause = Cause {
        service: app.name,
        stamp: Stamp { at: app.clock.now(), actor: actor.to_owned(), ownership: Ownership::default() },
        trace_id: trace.id.clone(),
        traceparent: trace.parent(),
        event: None,
        case: None,
    };
    let (mut tx, ()) = Tx::begin(&app.writers, &app.clock, cause, Access::WHOLE, &()).await?;
    let outcome = match decision {
        Decision::Retry => retry(&mut tx, handler, event).await,
        Decision::Discard(reason) => discard(&mut tx, handler, event, reason).await,
    };
    tx.finish(app, outcome).await
}

pub(crate) async fn retry(tx: &mut Tx, handler: &str, event: Uuid) -> Result<ParkedMessage> {
    let now = tx.stamp().at;
    let row = diesel::update(inbox::table.find((handler, event)).filter(inbox::status.eq("parked")))
        .set((
            inbox::status.eq("waiting"),
            inbox::next_attempt_at.eq(now),
            inbox::arrived_at.eq(now),
            inbox::attempts.eq(0),
        ))
        .returning(Parked::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    settle(tx, row, handler, event, "retry", None)
}

pub(crate) async fn discard(tx: &mut Tx, handler: &str, event: Uuid, reason: &str) -> Result<ParkedMessage> {
    let now = tx.stamp().at;
    let row = diesel::update(inbox::table.find((handler, event)).filter(inbox::status.eq("parked")))
        .set((inbox::status.eq("discarded"), inbox::settled_at.eq(now)))
        .returning(Parked::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    settle(tx, row, handler, event, "discard", Some(reason))
}

fn settle(
    tx: &mut Tx,
    row: Option<Parked>,
    handler: &str,
    event: Uuid,
    action: &'static str,
    reason: Option<&str>,
) -> Result<ParkedMessage> {
    let row = row.ok_or_else(|| ApiError::NotFound { entity: "parked", id: format!("{handler}/{event}") })?;
    tx.note_platform("parked", event, action, &row.status, reason);
    Ok(row.into())
}
