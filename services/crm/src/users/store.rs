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

/// People of a team or a department who work here, at most.
const MOST_PEOPLE: i64 = 500;

/// Those of a team who work here, by reference.
pub async fn of_team(conn: &mut Conn, team: &str) -> QueryResult<Vec<User>> {
    let there = users::table.filter(users::team.eq(team)).filter(users::status.eq("active"));
    there.order(users::reference).limit(MOST_PEOPLE).select(User::as_select()).load(conn).await
}

/// The departments of those of a team who work here: one where the directory is in order, none of a team of nobody.
pub async fn departments_of(conn: &mut Conn, team: &str) -> QueryResult<Vec<Option<String>>> {
    let there = users::table.filter(users::team.eq(team)).filter(users::status.eq("active"));
    there.select(users::department).distinct().load(conn).await
}

/// Those of a department who work here, by reference; nobody of no department.
pub async fn of_department(conn: &mut Conn, department: Option<&str>) -> QueryResult<Vec<User>> {
    let Some(department) = department else { return Ok(Vec::new()) };
    let there = users::table.filter(users::department.eq(department)).filter(users::status.eq("active"));
    there.order(users::reference).limit(MOST_PEOPLE).select(User::as_select()).load(conn).await
}

/// Those of these references who work here, by reference.
pub async fn named(conn: &mut Conn, references: &[&str]) -> QueryResult<Vec<User>> {
    let here = users::table.filter(users::reference.eq_any(references)).filter(users::status.eq("active"));
    here.order(users::reference).select(User::as_select()).load(conn).await
}

/// Someone who works here or did.
pub async fn find_by_reference(conn: &mut Conn, reference: &str) -> QueryResult<Option<User>> {
    users::table.filter(users::reference.eq(reference)).select(User::as_select()).first(conn).await.optional()
}
