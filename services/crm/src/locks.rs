//! One at a time, where no row exists yet that could be locked.
use diesel::{
    prelude::*,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use platform::Conn;

diesel::define_sql_function! { fn pg_advisory_xact_lock(key: BigInt); }
diesel::define_sql_function! { fn hashtextextended(text: Text, seed: BigInt) -> BigInt; }

/// Until the transaction ends, nobody else passes here with this name: two who would be first are first and second.
pub async fn one_at_a_time(conn: &mut Conn, name: String) -> QueryResult<()> {
    diesel::select(pg_advisory_xact_lock(hashtextextended(name, 0))).execute(conn).await.map(drop)
}
