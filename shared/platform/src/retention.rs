//! How long the kernel keeps what guards against loss and repetition: stored answers, facts that went out, messages that had
//! their effect. It deletes in small bites by index, so that no writer waits and the cost does not grow with the tables. It
//! refuses to touch business rows, the audit log, and whatever still waits for somebody.
use crate::{Result, Tx, jobs::Jobs};
use diesel::{
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_types::{BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use std::time::Duration;
use uuid::Uuid;
use wire::Moment;

/// Rows at once: far below the session's limit for one statement.
const BITE: i64 = 5_000;
/// Messages at once of one handler. A handler is one of dozens, and all of them are served in one statement.
const HANDLER_BITE: i64 = 500;

/// By age.
const ANSWERS: &str = "DELETE FROM idempotency WHERE slot IN (SELECT slot FROM idempotency WHERE at < $1 - interval '30 days' ORDER BY at LIMIT $2)";
/// From the oldest on. The inner limit bounds the look where nothing is old enough. Meanwhile they can go out again (`yewu
/// replay`), after a broker or a database has lost something.
const FACTS: &str = "DELETE FROM outbox WHERE seq IN (SELECT seq FROM (SELECT seq, at, published_at FROM outbox ORDER BY seq LIMIT $2) oldest \
     WHERE at < $1 - interval '30 days' AND published_at IS NOT NULL)";
/// By the ids of the facts, which tell their age (`UUIDv7`): the primary key is all the index that this needs. Handler by
/// handler, of those that are heard today; what a handler has left behind that no version has any more stays, as a record.
const MESSAGES: &str = "DELETE FROM inbox WHERE (handler, event_id) IN (SELECT old.handler, old.event_id \
     FROM (SELECT DISTINCT handler FROM heard WHERE service = current_schema()) hearing, \
     LATERAL (SELECT handler, event_id FROM inbox WHERE handler = hearing.handler AND event_id < $1 AND status IN ('done', 'discarded') \
              ORDER BY event_id LIMIT $2) old)";
/// Longer than facts by as much as a purge of facts may be late: as long as one can come again, its hearers know it.
const MESSAGES_DAYS: i64 = 45;

pub(crate) fn jobs(jobs: &mut Jobs) {
    jobs.every(Duration::from_mins(5), "purge-answers", purge_answers);
    jobs.every(Duration::from_mins(5), "purge-facts", purge_facts);
    jobs.every(Duration::from_mins(5), "purge-messages", purge_messages);
}

async fn purge_answers(tx: &mut Tx, now: Moment) -> Result<()> {
    bite(tx, diesel::sql_query(ANSWERS).into_boxed().bind::<Timestamptz, _>(now), BITE).await
}

async fn purge_facts(tx: &mut Tx, now: Moment) -> Result<()> {
    bite(tx, diesel::sql_query(FACTS).into_boxed().bind::<Timestamptz, _>(now), BITE).await
}

async fn purge_messages(tx: &mut Tx, now: Moment) -> Result<()> {
    let before = now.timestamp().as_millisecond() - MESSAGES_DAYS * 24 * 3_600_000;
    // The first of all ids of that millisecond (RFC 9562 §5.7: 48 bits of milliseconds come first).
    let before = Uuid::from_u128(u128::from(before.unsigned_abs()) << 80);
    bite(tx, diesel::sql_query(MESSAGES).into_boxed().bind::<SqlUuid, _>(before), HANDLER_BITE).await
}

/// `$2` is the limit. A full bite means that there may be more: once again at once, not only after the interval.
async fn bite(tx: &mut Tx, statement: BoxedSqlQuery<'_, diesel::pg::Pg, SqlQuery>, most: i64) -> Result<()> {
    let gone = statement.bind::<BigInt, _>(most).execute(tx.conn()).await?;
    if i64::try_from(gone).is_ok_and(|gone| gone >= most) {
        tx.again();
    }
    Ok(())
}
