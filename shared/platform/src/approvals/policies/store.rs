//! The SQL of policies. Rows are added and never changed: the service's role has no right to.
use super::domain::Policy;
use crate::{Conn, Store, schema::approval_policies};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::policy::PolicyId;

impl Store for Policy {
    async fn lock(conn: &mut Conn, id: PolicyId) -> QueryResult<Option<Self>> {
        let row = approval_policies::table.filter(approval_policies::id.eq(Uuid::from(id)));
        row.select(Self::as_select()).first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(approval_policies::table).values(self).execute(conn).await.map(drop)
    }
    /// A published version is never edited (PLT-11).
    async fn update(&self, _: &mut Conn) -> QueryResult<usize> {
        Ok(0)
    }
}

/// All versions of all policies, or of one, the newest of each key first.
pub(super) async fn versions(conn: &mut Conn, key: Option<&str>) -> QueryResult<Vec<Policy>> {
    let mut query = approval_policies::table
        .select(Policy::as_select())
        .order((approval_policies::key, approval_policies::version.desc()))
        .into_boxed();
    if let Some(key) = key {
        query = query.filter(approval_policies::key.eq(key.to_owned()));
    }
    query.load(conn).await
}

/// One version.
pub(super) async fn find(conn: &mut Conn, key: &str, version: i32) -> QueryResult<Option<Policy>> {
    approval_policies::table.find((key, version)).select(Policy::as_select()).first(conn).await.optional()
}

/// The newest version.
pub(super) async fn newest(conn: &mut Conn, key: &str) -> QueryResult<Option<Policy>> {
    approval_policies::table
        .filter(approval_policies::key.eq(key))
        .order(approval_policies::version.desc())
        .select(Policy::as_select())
        .first(conn)
        .await
        .optional()
}
