//! The only SQL of departments.
use super::domain::Department;
use crate::schema::departments;
use diesel::{dsl::exists as any, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::crm::DepartmentId;

impl Store for Department {
    async fn lock(conn: &mut Conn, id: DepartmentId) -> QueryResult<Option<Self>> {
        departments::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(departments::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            departments::table.filter(departments::id.eq(self.id)).filter(departments::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

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
