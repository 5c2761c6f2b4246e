//! The only SQL of tasks.
use super::domain::Task;
use crate::schema::tasks;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::TaskQuery;

platform::store!(Task, tasks);
platform::handed!(Task, tasks; row: this, closed: ["accepted", "archived"]);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &TaskQuery, sight: &Sight) -> QueryResult<Vec<Task>> {
    let page = query.page();
    page!(Task, tasks, page, sight; case_id = page.case_id, status = page.status, source = query.source,
        link_id = query.link_id)
    .load(conn)
    .await
}
