//! The only SQL of customers.
use super::domain::Account;
use crate::{
    assignments,
    schema::{accounts, data_quality_tasks},
};
use diesel::{
    prelude::*,
    sql_types::{Bool, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page, scoped, search::found, sorted};
use wire::{
    Moment, PageQuery,
    crm::{AccountId, AccountQuery, AccountSort as Sort, AccountTier, DataQualityRuleId},
};

platform::store!(Account, accounts);

/// Those of these customers that a caller may see.
pub async fn seen(conn: &mut Conn, ids: &[AccountId], sight: &Sight) -> QueryResult<Vec<AccountId>> {
    let query = accounts::table.filter(accounts::id.eq_any(ids)).select(accounts::id).into_boxed();
    scoped!(query, accounts, sight).load(conn).await
}

/// A page.
pub async fn list(conn: &mut Conn, query: &AccountQuery, sight: &Sight) -> QueryResult<Vec<Account>> {
    let page = query.page();
    let rows = |page: PageQuery| page!(Account, accounts, page, sight; status = page.status, tier = query.tier, owner_id = query.owner_id);
    let rows = match query.sort.unwrap_or(Sort::Newest) {
        Sort::Newest => rows(page),
        Sort::Oldest => sorted!(rows(page.from_start()), accounts, page, "accounts.id", asc),
        Sort::Name => sorted!(
            rows(page.from_start()),
            accounts,
            page,
            "coalesce(nullif(accounts.pinyin, ''), lower(accounts.name))",
            asc
        ),
    };
    match found("accounts", query.q.as_deref()) {
        Some(found) => rows.filter(found).load(conn).await,
        None => rows.load(conn).await,
    }
}

/// Those that were merged into this one.
pub async fn merged_into(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<AccountId>> {
    accounts::table.filter(accounts::merged_into_id.eq(account)).select(accounts::id).load(conn).await
}

/// Customers of a rule's grade that nobody has looked at since `before` and nobody is to look at now, the oldest first; without those
/// of which somebody said by this rule that there is nothing to look at, until they were looked at nevertheless.
pub async fn unverified(
    conn: &mut Conn,
    (tier, rule): (AccountTier, DataQualityRuleId),
    before: Moment,
    most: i64,
) -> QueryResult<Vec<(AccountId, Moment)>> {
    // As the index has it, word for word.
    let seen = || diesel::dsl::sql::<Timestamptz>("coalesce(accounts.last_verified_at, accounts.created_at)");
    let open = data_quality_tasks::table
        .filter(data_quality_tasks::account_id.eq(accounts::id))
        .filter(data_quality_tasks::status.eq("open"));
    // For each customer by the index of its tasks, never all that were ever dismissed.
    let not_dismissed = diesel::dsl::sql::<Bool>(
        "coalesce((SELECT max(d.stale_since) FROM data_quality_tasks d WHERE d.account_id = accounts.id \
         AND d.status = 'dismissed' AND d.rule_id = ",
    )
    .bind::<SqlUuid, _>(rule)
    .sql(") < coalesce(accounts.last_verified_at, accounts.created_at), TRUE)");
    accounts::table
        .filter(accounts::tier.eq(tier))
        .filter(diesel::dsl::sql::<Bool>("accounts.status IN ('prospect', 'active', 'dormant')"))
        .filter(seen().lt(before))
        .filter(diesel::dsl::not(diesel::dsl::exists(open)))
        .filter(not_dismissed)
        .order(seen())
        .limit(most)
        .select((accounts::id, seen()))
        .load(conn)
        .await
}

platform::handed!(Account, accounts; row: this, closed: ["invalid", "merged", "purged"], then: assignments::keep_history);

/// Those of these customers that there are.
pub async fn existing(conn: &mut Conn, ids: &[AccountId]) -> QueryResult<Vec<AccountId>> {
    accounts::table.filter(accounts::id.eq_any(ids)).select(accounts::id).load(conn).await
}
