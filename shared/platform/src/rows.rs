//! Many rows in one statement whose text stays the same however many there are, so that a session prepares it once and it
//! can travel with others: a multi-row `VALUES` is a new statement each time (two round trips, ruling 20).
//! The rows go as one JSON array whose fields are the columns. It writes what an aggregate consists of; it decides nothing.
use crate::Conn;
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::Jsonb,
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Locks a row until the transaction ends; nothing happens where there is none. For what is read in the same breath: it goes out
/// as plain text, because a statement that the session has yet to prepare could be overtaken by those sent after it, and these
/// would then show what was there before the lock.
pub async fn lock(mut conn: &Conn, table: &'static str, id: Uuid) -> QueryResult<()> {
    conn.batch_execute(&format!("SELECT FROM {table} WHERE id = '{id}' FOR UPDATE")).await
}

/// Inserts `rows` (serialised, their fields are `table`'s columns). None: nothing is sent.
pub async fn insert<T: Serialize>(conn: &Conn, table: &'static str, rows: &[T]) -> QueryResult<()> {
    write(conn, table, rows, false).await
}

/// Inserts rows, or brings those whose `id` is stored already up to date in every other column.
pub async fn upsert<T: Serialize>(conn: &Conn, table: &'static str, rows: &[T]) -> QueryResult<()> {
    write(conn, table, rows, true).await
}

async fn write<T: Serialize>(mut conn: &Conn, table: &str, rows: &[T], replace: bool) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = serde_json::to_value(rows).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let write = Write { sql: statement(table, &columns(&rows), replace), rows };
    write.execute(&mut conn).await.map(drop)
}

fn columns(rows: &Value) -> Vec<&str> {
    let first = rows.get(0).and_then(Value::as_object);
    first.into_iter().flat_map(|row| row.keys().map(String::as_str)).collect()
}

fn statement(table: &str, columns: &[&str], replace: bool) -> String {
    let list = columns.join(", ");
    let insert = format!("INSERT INTO {table} ({list}) SELECT {list} FROM jsonb_populate_recordset(NULL::{table}, $1)");
    if !replace {
        return insert;
    }
    let others = columns.iter().filter(|column| **column != "id");
    let set: Vec<String> = others.map(|column| format!("{column} = excluded.{column}")).collect();
    format!("{insert} ON CONFLICT (id) DO UPDATE SET {}", set.join(", "))
}

struct Write {
    sql: String,
    rows: Value,
}

// No static id: the text is the key under which a session keeps the prepared statement.
impl QueryId for Write {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Write {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (before, after) = self.sql.split_once("$1").unwrap_or((&self.sql, ""));
        out.push_sql(before);
        out.push_bind_param::<Jsonb, _>(&self.rows)?;
        out.push_sql(after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_names_its_columns_and_spares_the_id() {
        let rows = serde_json::json!([{"id": 1, "sku": "A", "quantity": "2"}]);
        assert_eq!(
            statement("order_lines", &columns(&rows), true),
            "INSERT INTO order_lines (id, quantity, sku) SELECT id, quantity, sku FROM \
             jsonb_populate_recordset(NULL::order_lines, $1) ON CONFLICT (id) DO UPDATE SET quantity = excluded.quantity, \
             sku = excluded.sku"
        );
        assert!(statement("t", &["id"], false).ends_with("NULL::t, $1)"));
    }
}
