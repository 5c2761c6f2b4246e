//! The only SQL of customers.
use super::domain::Account;
use crate::schema::accounts;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, scoped};
use wire::{PageQuery, crm::AccountId};

impl Store for Account {
    async fn lock(conn: &mut Conn, id: AccountId) -> QueryResult<Option<Self>> {
        accounts::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(accounts::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = accounts::table.filter(accounts::id.eq(self.id)).filter(accounts::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One customer.
pub async fn find(conn: &mut Conn, id: AccountId) -> QueryResult<Option<Account>> {
    accounts::table.find(id).select(Account::as_select()).first(conn).await.optional()
}

/// Those of these customers that a caller may see.
pub async fn seen(conn: &mut Conn, ids: &[AccountId], sight: &Sight) -> QueryResult<Vec<AccountId>> {
    let query = accounts::table.filter(accounts::id.eq_any(ids)).select(accounts::id).into_boxed();
    scoped!(query, accounts, sight).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, sight: &Sight) -> QueryResult<Vec<Account>> {
    let mut query =
        accounts::table.select(Account::as_select()).order(accounts::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, accounts, sight);
    if let Some(after) = page.after {
        query = query.filter(accounts::id.lt(AccountId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(accounts::status.eq(status.clone()));
    }
    query.load(conn).await
}
