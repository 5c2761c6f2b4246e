//! The only SQL of contract policies, and what contracts asks of them in a transaction.
use super::domain::Policy;
use crate::{contracts::domain::Contract, exchange_rates, schema::contract_policies};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{ApiError, Conn, Result, Store, Tx};
use wire::{
    Day, PageQuery,
    contracts::{ClauseKind, ContractPolicyId},
};

impl Store for Policy {
    async fn lock(conn: &mut Conn, id: ContractPolicyId) -> QueryResult<Option<Self>> {
        contract_policies::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(contract_policies::table).values(self).execute(conn).await.map(drop)
    }
    /// A published policy is never changed.
    async fn update(&self, _: &mut Conn) -> QueryResult<usize> {
        Ok(0)
    }
}

/// The policy of a day.
pub async fn on(conn: &mut Conn, day: Day) -> Result<Policy> {
    let begun = contract_policies::table.filter(contract_policies::effective_from.le(day));
    let last = begun.order(contract_policies::revision.desc()).select(Policy::as_select()).first(conn).await;
    last.optional()?.ok_or_else(|| ApiError::internal(format!("no contract policy holds on {day}")))
}

/// The policy of today.
pub async fn in_force(tx: &mut Tx) -> Result<Policy> {
    let today = tx.stamp().today();
    on(tx.conn(), today).await
}

/// The clauses that a contract must have for its amount, by today's policy and rate.
pub async fn demanded(tx: &mut Tx, contract: &Contract) -> Result<Vec<ClauseKind>> {
    let policy = in_force(tx).await?;
    let (gross, today) = (contract.totals().gross, tx.stamp().today());
    let total = exchange_rates::convert(tx.conn(), gross, policy.currency, today).await?;
    Ok(policy.demands(total).to_vec())
}

/// The next revision's number, for whoever publishes; the table is locked against a second one meanwhile.
pub async fn next_revision(conn: &mut Conn) -> QueryResult<i32> {
    diesel::sql_query("LOCK TABLE contract_policies IN SHARE ROW EXCLUSIVE MODE").execute(conn).await?;
    let last: Option<i32> =
        contract_policies::table.select(diesel::dsl::max(contract_policies::revision)).first(conn).await?;
    Ok(last.unwrap_or(0) + 1)
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<Policy>> {
    let mut query = contract_policies::table
        .select(Policy::as_select())
        .order(contract_policies::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(contract_policies::id.lt(ContractPolicyId(after)));
    }
    query.load(conn).await
}
