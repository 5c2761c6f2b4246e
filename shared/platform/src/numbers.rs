//! Numbers people read (PLT-05): `QT-2026-000123`. The rule of a kind is a row; gapless kinds lock a counter, all others
//! draw from a sequence, so that creators never queue (ruling 10).
use crate::Conn;
use diesel::{prelude::*, sql_types::Text};
use diesel_async::RunQueryDsl;

diesel::define_sql_function! { fn next_number(kind: Text, period: Text) -> Text; }

pub(crate) async fn next(mut conn: &Conn, kind: &str, period: &str) -> QueryResult<String> {
    diesel::select(next_number(kind, period)).get_result(&mut conn).await
}
