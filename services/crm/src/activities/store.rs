//! The only SQL of activities.
use super::domain::Activity;
use crate::schema::activities;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::ActivityQuery;

platform::store!(Activity, activities);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &ActivityQuery, sight: &Sight) -> QueryResult<Vec<Activity>> {
    let page = query.page();
    page!(Activity, activities, page, sight; case_id = page.case_id, status = page.status, kind = query.kind,
        subject_id = query.subject_id, account_id = query.account_id)
    .load(conn)
    .await
}

platform::handed!(Activity, activities; row: this, closed: ["done", "sent", "cancelled", "no_show"]);
