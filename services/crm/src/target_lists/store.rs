//! The only SQL of target lists.
use super::domain::TargetList;
use crate::{
    accounts::domain::Account,
    leads::domain::Lead,
    schema::{accounts, leads, target_lists},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page, scoped};
use uuid::Uuid;
use wire::{
    PageQuery,
    crm::{AccountId, LeadId},
};

platform::store!(TargetList, target_lists);
platform::handed!(TargetList, target_lists; row: this, closed: ["closed"]);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery, sight: &Sight) -> QueryResult<Vec<TargetList>> {
    page!(TargetList, target_lists, query, sight; status = query.status).load(conn).await
}

/// Those of these leads that a caller may see.
pub async fn leads_seen(conn: &mut Conn, ids: &[Uuid], sight: &Sight) -> QueryResult<Vec<Lead>> {
    let ids = ids.iter().copied().map(LeadId);
    let query = leads::table.filter(leads::id.eq_any(ids)).select(Lead::as_select()).into_boxed();
    scoped!(query, leads, sight).load(conn).await
}

/// Those of these customers that a caller may see.
pub async fn accounts_seen(conn: &mut Conn, ids: &[Uuid], sight: &Sight) -> QueryResult<Vec<Account>> {
    let ids = ids.iter().copied().map(AccountId);
    let query = accounts::table.filter(accounts::id.eq_any(ids)).select(Account::as_select()).into_boxed();
    scoped!(query, accounts, sight).load(conn).await
}
