//! The only SQL of customers' questions.
use super::domain::Question;
use crate::schema::questions;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::{Day, crm::CustomerQuestionQuery};

platform::store!(Question, questions);

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    query: &CustomerQuestionQuery,
    today: Day,
    sight: &Sight,
) -> QueryResult<Vec<Question>> {
    let page = query.page();
    let rows = page!(Question, questions, page, sight;
        case_id = page.case_id, status = page.status, opportunity_id = query.opportunity_id);
    if query.overdue == Some(true) {
        // In words, not as values: only so does Postgres know that the index of what waits holds them all.
        let waits = sql::<Bool>("status IN ('open', 'reopened')");
        return rows.filter(waits).filter(questions::due_on.lt(today)).load(conn).await;
    }
    rows.load(conn).await
}

platform::handed!(Question, questions; row: this, closed: ["accepted"]);
