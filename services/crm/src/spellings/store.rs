//! The only SQL of spellings.
use diesel::{
    prelude::*,
    sql_types::{Jsonb, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::Conn;
use serde_json::Value;
use uuid::Uuid;

/// A row whose name nobody has worked out yet.
#[derive(QueryableByName)]
pub struct Unspelt {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// Rows of `table` where `missing` is NULL; locked, but for those that others hold.
pub async fn unspelt(conn: &mut Conn, table: &str, missing: &str, most: usize) -> QueryResult<Vec<Unspelt>> {
    let query =
        format!("SELECT id, name FROM {table} WHERE {missing} IS NULL ORDER BY id LIMIT {most} FOR UPDATE SKIP LOCKED");
    diesel::sql_query(query).load(conn).await
}

/// Writes these columns of rows, given as objects with their `id`, in one statement.
pub async fn spell(conn: &mut Conn, table: &str, columns: &[&str], rows: Vec<Value>) -> QueryResult<()> {
    let set: Vec<String> = columns.iter().map(|column| format!("{column} = d.{column}")).collect();
    let shape: Vec<String> = columns.iter().map(|column| format!("{column} TEXT")).collect();
    let update = format!(
        "UPDATE {table} t SET {} FROM jsonb_to_recordset($1) AS d (id UUID, {}) WHERE t.id = d.id",
        set.join(", "),
        shape.join(", ")
    );
    diesel::sql_query(update).bind::<Jsonb, _>(Value::Array(rows)).execute(conn).await.map(drop)
}
