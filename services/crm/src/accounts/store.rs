//! The only SQL of customers.
use super::domain::Account;
use crate::schema::accounts;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page, scoped};
use wire::{PageQuery, crm::AccountId};

platform::store!(Account, accounts);

/// Those of these customers that a caller may see.
pub async fn seen(conn: &mut Conn, ids: &[AccountId], sight: &Sight) -> QueryResult<Vec<AccountId>> {
    let query = accounts::table.filter(accounts::id.eq_any(ids)).select(accounts::id).into_boxed();
    scoped!(query, accounts, sight).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery, sight: &Sight) -> QueryResult<Vec<Account>> {
    page!(Account, accounts, query, sight; status = query.status).load(conn).await
}

/// Those of these customers that there are.
pub async fn existing(conn: &mut Conn, ids: &[AccountId]) -> QueryResult<Vec<AccountId>> {
    accounts::table.filter(accounts::id.eq_any(ids)).select(accounts::id).load(conn).await
}
