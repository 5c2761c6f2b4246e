//! The only SQL of imports and their rows.
use super::{domain::Import, lines::Line};
use crate::schema::{import_pieces, import_rows, imports};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, rows, scoped};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;
use wire::{
    crm::{ImportCandidate, ImportId, ImportQuery, ImportRowId, ImportRowStatus as Outcome, LeadId},
    json::Kept,
};

platform::store!(Import, imports);

/// A row of a file.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = import_rows)]
pub struct Row {
    pub id: ImportRowId,
    pub import_id: ImportId,
    pub line: i32,
    pub status: Outcome,
    pub data: Option<Value>,
    pub attempts: i32,
    pub lead_id: Option<LeadId>,
    pub pointer: Option<String>,
    pub code: Option<String>,
    pub message_zh: Option<String>,
    pub message_en: Option<String>,
    pub candidates: Kept<Vec<ImportCandidate>>,
}

/// Rows of a file that wait to be taken in: a batch.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_pieces, treat_none_as_default_value = false)]
pub struct Piece {
    pub import_id: ImportId,
    pub place: i32,
    pub rows: Kept<Vec<Line>>,
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &ImportQuery, limit: i64, sight: &Sight) -> QueryResult<Vec<Import>> {
    let mut found = imports::table.select(Import::as_select()).order(imports::id.desc()).limit(limit).into_boxed();
    found = scoped!(found, imports, sight);
    if let Some(after) = query.after {
        found = found.filter(imports::id.lt(ImportId(after)));
    }
    if let Some(status) = &query.status {
        found = found.filter(imports::status.eq(status.clone()));
    }
    found.load(conn).await
}

/// Keeps a piece of a file.
pub async fn keep_piece(mut conn: &Conn, piece: &Piece) -> QueryResult<()> {
    diesel::insert_into(import_pieces::table).values(piece).execute(&mut conn).await.map(drop)
}

/// The first piece of a file that waits.
pub async fn next_piece(conn: &mut Conn, import: ImportId) -> QueryResult<Option<Piece>> {
    import_pieces::table
        .filter(import_pieces::import_id.eq(import))
        .order(import_pieces::place)
        .select(Piece::as_select())
        .first(conn)
        .await
        .optional()
}

/// A piece whose rows are kept need not wait any more.
pub async fn drop_piece(conn: &mut Conn, import: ImportId, place: i32) -> QueryResult<()> {
    diesel::delete(import_pieces::table.find((import, place))).execute(conn).await.map(drop)
}

/// Nobody will take in what waits of a file.
pub async fn drop_pieces(conn: &mut Conn, import: ImportId) -> QueryResult<()> {
    let of_import = import_pieces::table.filter(import_pieces::import_id.eq(import));
    diesel::delete(of_import).execute(conn).await.map(drop)
}

/// The import that has had the fewest batches, each of which is a version: a short file does not wait for a long one to end.
/// Not locked: whoever cancels it meanwhile need not wait.
pub async fn waiting(conn: &mut Conn) -> QueryResult<Option<Import>> {
    imports::table
        .filter(imports::status.eq_any(["queued", "running"]))
        .order((imports::version, imports::id))
        .select(Import::as_select())
        .first(conn)
        .await
        .optional()
}

/// The next rows of a file that an error of ours has left, behind `reached`: a look from the first row would pass over the remains of
/// all that were done before.
pub async fn pending(
    conn: &mut Conn,
    import: ImportId,
    reached: Option<ImportRowId>,
    most: i64,
) -> QueryResult<Vec<Row>> {
    import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::status.eq(Outcome::Pending))
        .filter(import_rows::id.gt(reached.unwrap_or(ImportRowId(Uuid::nil()))))
        .order(import_rows::id)
        .limit(most)
        .select(Row::as_select())
        .load(conn)
        .await
}

/// Writes what became of rows, in one statement.
pub async fn record(conn: &Conn, done: &[Row]) -> QueryResult<()> {
    rows::upsert(conn, "import_rows", done).await
}

/// A page of rows, in the order of the file.
pub async fn rows_of(conn: &mut Conn, import: ImportId, query: &ImportQuery, limit: i64) -> QueryResult<Vec<Row>> {
    let of_import = import_rows::table.filter(import_rows::import_id.eq(import));
    let mut found = of_import.select(Row::as_select()).order(import_rows::id).limit(limit).into_boxed();
    if let Some(after) = query.after {
        found = found.filter(import_rows::id.gt(ImportRowId(after)));
    }
    if let Some(status) = &query.status {
        found = found.filter(import_rows::status.eq(status.clone()));
    }
    found.load(conn).await
}

/// Rows that were not taken in, in the order of the file, after `after`.
pub async fn not_taken(conn: &mut Conn, import: ImportId, after: Uuid, most: i64) -> QueryResult<Vec<Row>> {
    import_rows::table
        .filter(import_rows::import_id.eq(import))
        .filter(import_rows::status.eq_any([Outcome::Duplicate, Outcome::Failed]))
        .filter(import_rows::id.gt(ImportRowId(after)))
        .order(import_rows::id)
        .limit(most)
        .select(Row::as_select())
        .load(conn)
        .await
}
