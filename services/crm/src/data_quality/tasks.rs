//! The only SQL of tasks of data quality.
use super::domain::DataQualityTask;
use crate::schema::data_quality_tasks;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{AccountId, AccountPageQuery};

platform::store!(DataQualityTask, data_quality_tasks);
platform::handed!(DataQualityTask, data_quality_tasks; row: this, closed: ["verified", "purged", "dismissed"]);

/// Is somebody to look at this customer?
pub async fn is_open(conn: &mut Conn, account: AccountId) -> QueryResult<bool> {
    let open = data_quality_tasks::table
        .filter(data_quality_tasks::account_id.eq(account))
        .filter(data_quality_tasks::status.eq("open"));
    diesel::select(exists(open)).get_result(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<DataQualityTask>> {
    let page = query.page();
    page!(DataQualityTask, data_quality_tasks, page, sight; status = page.status, account_id = query.account_id)
        .load(conn)
        .await
}
