//! The only SQL of account plans.
use super::domain::AccountPlan;
use crate::schema::account_plans;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{AccountId, AccountPageQuery, AccountPlanId};

platform::store!(AccountPlan, account_plans);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<AccountPlan>> {
    let page = query.page();
    page!(AccountPlan, account_plans, page, sight; status = page.status, account_id = query.account_id).load(conn).await
}

/// All of a customer.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<AccountPlanId>> {
    let of_account = account_plans::table.filter(account_plans::account_id.eq(account));
    of_account.order(account_plans::id).select(account_plans::id).load(conn).await
}

/// The number of the plan that is being carried out for a customer.
pub async fn active_number(conn: &mut Conn, account: AccountId) -> QueryResult<Option<String>> {
    let active = account_plans::table.filter(account_plans::account_id.eq(account));
    let active = active.filter(account_plans::status.eq("active"));
    active.select(account_plans::number).first(conn).await.optional()
}

platform::handed!(AccountPlan, account_plans; row: this, closed: ["closed"]);
