//! The only SQL of customers' questions.
use super::domain::Question;
use crate::schema::questions;
use diesel::prelude::*;
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
    let late = || questions::due_on.lt(today).and(questions::status.eq_any(["open", "reopened"]));
    match query.overdue {
        Some(true) => rows.filter(late()).load(conn).await,
        Some(false) => rows.filter(diesel::dsl::not(late())).load(conn).await,
        None => rows.load(conn).await,
    }
}
