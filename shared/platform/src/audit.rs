//! The audit log, read and sealed (PLT-24). Written by `Tx` alone; the service's role may not change or delete a row.
//! Sealing chains SHA-256 over the rows in the order of `seq`, once nobody can add a row among them any more: numbers are drawn
//! before the commit, so that a young prefix could still gain one. Who might is asked of the database's locks, never of a clock.
use crate::{
    Conn, Result, Steady, Tx,
    schema::{audit_log, audit_seals},
};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable, Text, Timestamptz},
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
/// How long those who may still add a line are waited for, and what lies between two looks. Half a second is much longer than a
/// transaction takes; whoever takes longer is met again at the next time.
const LOOKS: u32 = 25;
const BETWEEN: Duration = Duration::from_millis(20);

pub(crate) async fn seal(tx: &mut Tx, now: Moment) -> Result<()> {
    let last: Option<(i64, Vec<u8>)> = audit_seals::table
        .order(audit_seals::to_seq.desc())
        .select((audit_seals::to_seq, audit_seals::hash))
        .first(tx.conn())
        .await
        .optional()?;
    let (from, hash) = last.unwrap_or((0, Vec::new()));
    let (to, seen) = reach(tx.conn(), from).await?;
    let Some(to) = to else { return Ok(()) };
    let mut adding = Adding::seen(writers(tx.conn()).await?);
    while adding.goes_on().await {
        adding.look(&writers(tx.conn()).await?);
    }
    if !adding.is_nobody() {
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
    if seen == BITE {
        tx.again();
    }
    Ok(())
}

/// The last number of the next bite, and how many lines it has.
async fn reach(conn: &mut Conn, from: i64) -> QueryResult<(Option<i64>, i64)> {
    let query = diesel::sql_query(
        "SELECT max(seq) AS last, count(*) AS lines FROM (SELECT seq FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2) AS bite",
    );
    let reach: Reach = Steady(query.bind::<BigInt, _>(from).bind::<BigInt, _>(BITE)).get_result(conn).await?;
    Ok((reach.last, reach.lines))
}
#[derive(QueryableByName)]
struct Reach {
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
    #[diesel(sql_type = BigInt)]
    lines: i64,
}

/// Those who could have drawn a number before the first look, and have not ended since. Whoever writes a line holds this lock of
/// the table from before it draws until it has ended, and lets go of it after its lines can be seen. (The order of the transactions'
/// own ids says nothing: the younger one may draw the lower number.)
pub(crate) struct Adding {
    still: Vec<Writer>,
    looks: u32,
}
impl Adding {
    pub fn seen(first: Vec<Writer>) -> Self {
        Self { still: first, looks: 1 }
    }
    /// Is another look worth it? Comes back when it is time for it.
    pub async fn goes_on(&self) -> bool {
        let goes_on = !self.still.is_empty() && self.looks < LOOKS;
        if goes_on {
            tokio::time::sleep(BETWEEN).await;
        }
        goes_on
    }
    pub fn look(&mut self, now: &[Writer]) {
        self.looks += 1;
        self.still.retain(|writer| now.contains(writer));
    }
    pub fn is_nobody(&self) -> bool {
        self.still.is_empty()
    }
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
