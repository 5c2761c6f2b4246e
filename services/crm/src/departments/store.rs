//! The only SQL of departments.
use super::domain::Department;
use crate::schema::departments;
use diesel::{dsl::exists as any, prelude::*};
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::crm::DepartmentId;

platform::store!(Department, departments);

/// Is there one of this code?
pub async fn exists(conn: &mut Conn, code: &str) -> QueryResult<bool> {
    diesel::select(any(departments::table.filter(departments::code.eq(code)))).get_result(conn).await
}

/// The id behind a code.
pub async fn id_of(conn: &mut Conn, code: &str) -> QueryResult<Option<DepartmentId>> {
    departments::table.filter(departments::code.eq(code)).select(departments::id).first(conn).await.optional()
}

/// All of them: a company has few.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<Department>> {
    departments::table.select(Department::as_select()).order(departments::code).load(conn).await
}
