//! The only SQL of the directory.
use super::domain::User;
use crate::schema::users;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{PageQuery, crm::UserId};

platform::store!(User, users);

/// The id behind a reference.
pub async fn id_of(conn: &mut Conn, reference: &str) -> QueryResult<Option<UserId>> {
    users::table.filter(users::reference.eq(reference)).select(users::id).first(conn).await.optional()
}

/// Someone who works here.
pub async fn find_active(conn: &mut Conn, reference: &str) -> QueryResult<Option<User>> {
    let active = users::table.filter(users::reference.eq(reference)).filter(users::status.eq("active"));
    active.select(User::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<User>> {
    let mut query = users::table.select(User::as_select()).order(users::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(users::id.lt(UserId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(users::status.eq(status.clone()));
    }
    query.load(conn).await
}
