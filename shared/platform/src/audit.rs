//! The audit log, read and sealed (PLT-24). Written by `Tx` alone; the service's role may not change or delete a row.
//! Sealing chains SHA-256 over the rows in the order of `seq`, once nobody can add a row among them any more: numbers are drawn
//! before the commit, so that a young prefix could still gain one. Who might is asked of the database's locks, never of a clock.
use crate::{
    Conn, Result, Steady, Tx,
    schema::{audit_log, audit_seals},
};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use sha2::{Digest, Sha256};
use std::time::Duration;
use uuid::Uuid;
use wire::{Moment, PageQuery, audit::AuditEntry};

/// A row as it is stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub struct AuditRow {
    pub seq: i64,
    pub at: Moment,
    pub actor: String,
    pub action: String,
    pub entity: String,
    pub entity_id: Uuid,
    pub version: i32,
    pub status: String,
    pub changes: String,
    pub reason: Option<String>,
    pub case_id: Option<Uuid>,
    pub cause_id: Option<Uuid>,
    pub trace_id: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        let AuditRow {
            seq,
            at,
            actor,
            action,
            entity,
            entity_id,
            version,
            status,
            changes,
            reason,
            case_id,
            cause_id,
            trace_id,
        } = row;
        let changes = serde_json::from_str(&changes).unwrap_or_default();
        Self {
            seq,
            at,
            actor,
            action,
            entity,
            entity_id,
            version,
            status,
            changes,
            reason,
            case_id,
            cause_id,
            trace_id,
        }
    }
}

/// Everything that happened to one thing, or in one deal, newest first.
pub async fn list(
    conn: &mut Conn,
    entity_id: Option<Uuid>,
    page: &PageQuery,
    before: Option<i64>,
) -> QueryResult<Vec<AuditRow>> {
    let mut query =
        audit_log::table.select(AuditRow::as_select()).order(audit_log::seq.desc()).limit(page.fetch()).into_boxed();
    if let Some(id) = entity_id {
        query = query.filter(audit_log::entity_id.eq(id));
    }
    if let Some(case) = page.case_id {
        query = query.filter(audit_log::case_id.eq(case));
    }
    if let Some(seq) = before {
        query = query.filter(audit_log::seq.lt(seq));
    }
    query.load(conn).await
}

/// Lines that one seal covers at most, give or take those that were on their way; the rest comes at once after it.
const BITE: i64 = 5_000;
/// How often those are asked after who may still add a line, and what lies between two times.
const LOOKS: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(10);

pub(crate) async fn seal(tx: &mut Tx, now: Moment) -> Result<()> {
    let last: Option<(i64, Vec<u8>)> = audit_seals::table
        .order(audit_seals::to_seq.desc())
        .select((audit_seals::to_seq, audit_seals::hash))
        .first(tx.conn())
        .await
        .optional()?;
    let (from, hash) = last.unwrap_or((0, Vec::new()));
    let bite =
        audit_log::table.filter(audit_log::seq.gt(from)).order(audit_log::seq).limit(BITE).select(audit_log::seq);
    let seen: Vec<i64> = bite.load(tx.conn()).await?;
    let Some(to) = seen.last().copied() else { return Ok(()) };
    if !nobody_adds(tx.conn()).await? {
        return Ok(());
    }
    let rows = lines(tx.conn(), from, to).await?;
    diesel::insert_into(audit_seals::table)
        .values((
            audit_seals::to_seq.eq(to),
            audit_seals::from_seq.eq(from),
            audit_seals::hash.eq(chain(hash, &rows)),
            audit_seals::at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    if i64::try_from(seen.len()).is_ok_and(|seen| seen == BITE) {
        tx.again();
    }
    Ok(())
}

/// Have all ended who could have drawn a number by now? Whoever writes a line holds this lock of the table from before it draws
/// until it has ended, and lets go of it after its lines can be seen. (The order of the transactions' own ids says nothing: the
/// younger one may draw the lower number.)
async fn nobody_adds(conn: &mut Conn) -> QueryResult<bool> {
    let mut adding = writers(conn).await?;
    for _ in 0..LOOKS {
        if adding.is_empty() {
            break;
        }
        tokio::time::sleep(BETWEEN).await;
        let now = writers(conn).await?;
        adding.retain(|writer| now.contains(writer));
    }
    Ok(adding.is_empty())
}

/// Who may be about to add a line, or has added one that cannot be seen yet.
pub(crate) async fn writers(conn: &mut Conn) -> QueryResult<Vec<Writer>> {
    let query = diesel::sql_query(
        "SELECT virtualtransaction AS writer FROM pg_locks WHERE relation = 'audit_log'::regclass AND mode = 'RowExclusiveLock' \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()",
    );
    Steady(query).load(conn).await
}

/// One transaction, for as long as the server runs.
#[derive(QueryableByName, PartialEq)]
pub(crate) struct Writer {
    #[diesel(sql_type = Text)]
    writer: String,
}

/// The lines above `from` up to `to`, as they are sealed.
async fn lines(conn: &mut Conn, from: i64, to: i64) -> QueryResult<Vec<Sealable>> {
    diesel::sql_query(
        "SELECT seq, at, concat_ws('|', actor, action, entity, entity_id, version, status, changes, reason, case_id, cause_id, trace_id) AS text FROM audit_log \
         WHERE seq > $1 AND seq <= $2 ORDER BY seq",
    )
    .bind::<BigInt, _>(from)
    .bind::<BigInt, _>(to)
    .load(conn)
    .await
}

fn chain(start: Vec<u8>, rows: &[Sealable]) -> Vec<u8> {
    rows.iter().fold(start, |hash, row| {
        Sha256::new()
            .chain_update(hash)
            .chain_update(row.seq.to_be_bytes())
            .chain_update(row.at.to_string())
            .chain_update(&row.text)
            .finalize()
            .to_vec()
    })
}

#[derive(QueryableByName)]
struct Sealable {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Timestamptz)]
    at: Moment,
    #[diesel(sql_type = Text)]
    text: String,
}

/// Recomputes every seal; returns the first `seq` range that does not match (`yewu verify`'s audit invariant).
pub async fn broken_seal(conn: &mut Conn) -> QueryResult<Option<(i64, i64)>> {
    let seals: Vec<(i64, i64, Vec<u8>)> = audit_seals::table
        .order(audit_seals::to_seq)
        .select((audit_seals::from_seq, audit_seals::to_seq, audit_seals::hash))
        .load(conn)
        .await?;
    let mut hash = Vec::new();
    for (from, to, sealed) in seals {
        hash = chain(hash, &lines(conn, from, to).await?);
        if hash != sealed {
            return Ok(Some((from, to)));
        }
    }
    Ok(None)
}
