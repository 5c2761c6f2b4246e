//! The SQL of customers' people, whose snapshots are kept.
use diesel::{
    prelude::*,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::Conn;
use uuid::Uuid;
use wire::crm::AccountId;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The name of a customer's primary contact, if there is one. Said as the index `replicas_primary_contact` says it.
pub async fn primary_contact(conn: &mut Conn, account: AccountId) -> QueryResult<Option<String>> {
    let query = "SELECT data ->> 'name' AS name FROM replicas WHERE kind = 'contact' AND data ->> 'primary' = 'true' \
                 AND data ->> 'status' = 'active' AND data ->> 'account_id' = $1::text ORDER BY id LIMIT 1";
    let found = diesel::sql_query(query).bind::<SqlUuid, _>(Uuid::from(account)).get_result(conn).await.optional()?;
    Ok(found.map(|Named { name }| name))
}
