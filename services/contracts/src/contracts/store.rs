//! The only SQL of contracts.
use super::{
    clauses::ClauseRow,
    content::VersionRow,
    domain::{Comments, Contract, Head},
    lines::LineRow,
    signing::MismatchRow,
};
use crate::schema::{
    contract_clauses, contract_lines, contract_versions, contracts, review_comments, signature_mismatches,
};
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use std::collections::HashMap;
use wire::{
    PageQuery,
    contracts::{ContractId, ReviewCommentStatus},
    crm::AccountId,
    orders::OrderId,
    quoting::QuoteId,
};

impl Store for Contract {
    async fn lock(conn: &mut Conn, id: ContractId) -> QueryResult<Option<Self>> {
        let head = contracts::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(contracts::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "contract_lines", &self.lines).await?;
        rows::insert(conn, "contract_clauses", &self.clauses).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = contracts::table
            .filter(contracts::id.eq(self.head.id))
            .filter(contracts::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 && self.lines_changed {
            diesel::delete(contract_lines::table.filter(contract_lines::contract_id.eq(self.head.id)))
                .execute(conn)
                .await?;
            rows::insert(conn, "contract_lines", &self.lines).await?;
        }
        if touched == 1 && self.clauses_changed {
            diesel::delete(contract_clauses::table.filter(contract_clauses::contract_id.eq(self.head.id)))
                .execute(conn)
                .await?;
            rows::insert(conn, "contract_clauses", &self.clauses).await?;
        }
        if touched == 1
            && let Some(version) = &self.frozen
        {
            diesel::insert_into(contract_versions::table).values(version).execute(conn).await?;
        }
        if touched == 1 {
            for mismatch in &self.mismatches {
                let written = diesel::insert_into(signature_mismatches::table).values(mismatch);
                written.on_conflict(signature_mismatches::id).do_update().set(mismatch).execute(conn).await?;
            }
        }
        Ok(touched)
    }
}

/// Heads with what belongs to them; four queries however many.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Contract>> {
    let ids: Vec<ContractId> = heads.iter().map(|head| head.id).collect();
    let mut lines: HashMap<ContractId, Vec<LineRow>> = HashMap::new();
    let rows = contract_lines::table.filter(contract_lines::contract_id.eq_any(&ids));
    for row in rows.order(contract_lines::line_number).select(LineRow::as_select()).load(conn).await? {
        lines.entry(row.contract_id).or_default().push(row);
    }
    let mut clauses: HashMap<ContractId, Vec<ClauseRow>> = HashMap::new();
    let rows = contract_clauses::table.filter(contract_clauses::contract_id.eq_any(&ids));
    for row in rows.order(contract_clauses::position).select(ClauseRow::as_select()).load(conn).await? {
        clauses.entry(row.contract_id).or_default().push(row);
    }
    let mut comments: HashMap<ContractId, Comments> = HashMap::new();
    let waiting = review_comments::table
        .filter(review_comments::contract_id.eq_any(&ids))
        .filter(review_comments::status.ne("verified"));
    let counted = waiting.group_by((review_comments::contract_id, review_comments::status));
    let counts: Vec<(ContractId, ReviewCommentStatus, i64)> =
        counted.select((review_comments::contract_id, review_comments::status, count_star())).load(conn).await?;
    for (contract, status, count) in counts {
        let known = comments.entry(contract).or_default();
        *(if status == ReviewCommentStatus::Open { &mut known.open } else { &mut known.resolved }) = count;
    }
    let mut mismatches: HashMap<ContractId, Vec<MismatchRow>> = HashMap::new();
    let standing = signature_mismatches::table
        .filter(signature_mismatches::contract_id.eq_any(&ids))
        .filter(signature_mismatches::cleared_at.is_null());
    for row in standing.order(signature_mismatches::id).select(MismatchRow::as_select()).load(conn).await? {
        mismatches.entry(row.contract_id).or_default().push(row);
    }
    let one = |head: Head| Contract {
        mismatches: mismatches.remove(&head.id).unwrap_or_default(),
        lines: lines.remove(&head.id).unwrap_or_default(),
        clauses: clauses.remove(&head.id).unwrap_or_default(),
        comments: comments.get(&head.id).copied().unwrap_or_default(),
        head,
        lines_changed: false,
        clauses_changed: false,
        frozen: None,
    };
    Ok(heads.into_iter().map(one).collect())
}

/// One contract.
pub async fn find(conn: &mut Conn, id: ContractId) -> QueryResult<Option<Contract>> {
    let head = contracts::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// The living contract of a quote.
pub async fn of_quote(conn: &mut Conn, quote: QuoteId) -> QueryResult<Option<ContractId>> {
    let living = contracts::table.filter(contracts::status.ne("withdrawn"));
    living.filter(contracts::quote_id.eq(quote)).select(contracts::id).first(conn).await.optional()
}
/// The living contract of an order.
pub async fn of_order(conn: &mut Conn, order: OrderId) -> QueryResult<Option<ContractId>> {
    let living = contracts::table.filter(contracts::status.ne("withdrawn"));
    living.filter(contracts::order_id.eq(order)).select(contracts::id).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery, sight: &Sight) -> QueryResult<Vec<Contract>> {
    let mut query =
        contracts::table.select(Head::as_select()).order(contracts::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, contracts, sight);
    if let Some(after) = page.after {
        query = query.filter(contracts::id.lt(ContractId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(contracts::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(contracts::status.eq(status.clone()));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

/// What was submitted, first to last.
pub async fn versions(conn: &mut Conn, id: ContractId) -> QueryResult<Vec<VersionRow>> {
    let all = contract_versions::table.filter(contract_versions::contract_id.eq(id));
    all.order(contract_versions::revision).select(VersionRow::as_select()).load(conn).await
}

/// One version that was submitted.
pub async fn version(conn: &mut Conn, id: ContractId, revision: i32) -> QueryResult<Option<VersionRow>> {
    contract_versions::table.find((id, revision)).select(VersionRow::as_select()).first(conn).await.optional()
}

/// The account's effective contracts that no order has used, oldest first (CON-18).
pub async fn unused(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<Head>> {
    let binding = contracts::table.filter(contracts::account_id.eq(account)).filter(contracts::status.eq("effective"));
    binding.filter(contracts::order_id.is_null()).order(contracts::id).select(Head::as_select()).load(conn).await
}

platform::handed!(Contract, contracts; row: head, closed: ["withdrawn", "terminated", "archived"]);
