//! The only SQL of cases.
use super::domain::{Case, Fact, STANDING};
use crate::schema::{case_events, cases};
use diesel::{
    prelude::*,
    sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use platform::{Conn, Steady};
use uuid::Uuid;
use wire::{
    CaseId, EventId, Moment,
    crm::{AccountId, AccountPageQuery, CaseStatus, TimelineQuery},
};

/// Adds a fact to its case; a second time is no time. The case's row is locked from here on. Returns how the case stands, and whether
/// it is one with another.
pub async fn add(conn: &mut Conn, fact: &Fact) -> QueryResult<(CaseStatus, bool)> {
    // Facts of different services arrive in any order: the first is the earliest, not the first to come.
    let query = diesel::sql_query(
        "INSERT INTO cases (case_id, account_id, status, started_at, last_at) VALUES ($1, $2, 'open', $3, $3) \
         ON CONFLICT (case_id) DO UPDATE SET account_id = coalesce(cases.account_id, excluded.account_id), \
         started_at = least(cases.started_at, excluded.started_at), last_at = greatest(cases.last_at, excluded.last_at) RETURNING status, merged_into IS NOT NULL OR has_aliases AS joined",
    )
    .bind::<SqlUuid, _>(fact.case_id)
    .bind::<Nullable<SqlUuid>, _>(fact.account_id())
    .bind::<Timestamptz, _>(fact.at);
    // Together: neither needs the other's answer.
    let (mut first, mut second) = (&*conn, &*conn);
    let kept = diesel::insert_into(case_events::table).values(fact).on_conflict_do_nothing();
    let (case, _) = try_join(Steady(query).get_result::<Standing>(&mut first), kept.execute(&mut second)).await?;
    Ok((case.status, case.joined))
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Text)]
    status: CaseStatus,
    #[diesel(sql_type = Bool)]
    joined: bool,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = SqlUuid)]
    case_id: CaseId,
}

/// From now on the first case is another name of the second, which may not be known yet.
pub async fn merge(conn: &mut Conn, case: CaseId, into: CaseId, at: Moment) -> QueryResult<()> {
    diesel::sql_query(
        "WITH survivor AS (INSERT INTO cases (case_id, status, started_at, last_at, has_aliases) VALUES ($2, 'open', $3, $3, TRUE) \
         ON CONFLICT (case_id) DO UPDATE SET has_aliases = TRUE RETURNING case_id) \
         UPDATE cases c SET merged_into = s.case_id FROM survivor s WHERE c.case_id = $1 AND c.case_id <> s.case_id",
    )
    .bind::<SqlUuid, _>(case)
    .bind::<SqlUuid, _>(into)
    .bind::<Timestamptz, _>(at)
    .execute(conn)
    .await
    .map(drop)
}

/// All names of the deal that this one names; the first is its own.
pub async fn names(conn: &mut Conn, case: CaseId) -> QueryResult<Vec<CaseId>> {
    let named: Vec<Named> = diesel::sql_query(
        "WITH RECURSIVE up AS (SELECT case_id, merged_into FROM cases WHERE case_id = $1 \
            UNION SELECT c.case_id, c.merged_into FROM up JOIN cases c ON c.case_id = up.merged_into), \
         down AS (SELECT case_id, 0 AS depth FROM up WHERE merged_into IS NULL \
            UNION SELECT c.case_id, down.depth + 1 FROM down JOIN cases c ON c.merged_into = down.case_id) \
         SELECT case_id FROM down ORDER BY depth, case_id",
    )
    .bind::<SqlUuid, _>(case)
    .load(conn)
    .await?;
    Ok(named.into_iter().map(|named| named.case_id).collect())
}

/// The facts that say how a deal stands, in order.
pub async fn standing_facts(conn: &mut Conn, names: &[CaseId]) -> QueryResult<Vec<Fact>> {
    let of_case = case_events::table.filter(case_events::case_id.eq_any(names));
    of_case
        .filter(case_events::entity.eq_any(STANDING.iter().map(|(_, entity)| *entity)))
        .order((case_events::at, case_events::event_id))
        .select(Fact::as_select())
        .load(conn)
        .await
}

/// Writes how it stands.
pub async fn stand(conn: &mut Conn, names: &[CaseId], status: CaseStatus) -> QueryResult<()> {
    let of_deal = cases::table.filter(cases::case_id.eq_any(names));
    Steady(diesel::update(of_deal).set(cases::status.eq(status))).execute(conn).await.map(drop)
}

/// One deal.
pub async fn find(conn: &mut Conn, case: CaseId) -> QueryResult<Option<Case>> {
    cases::table.find(case).select(Case::as_select()).first(conn).await.optional()
}

/// All facts of a deal by its names, in order.
pub async fn facts(conn: &mut Conn, names: &[CaseId]) -> QueryResult<Vec<Fact>> {
    case_events::table
        .filter(case_events::case_id.eq_any(names))
        .order((case_events::at, case_events::event_id))
        .select(Fact::as_select())
        .load(conn)
        .await
}

/// A page of deals, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery) -> QueryResult<Vec<Case>> {
    let page = query.page();
    let mut rows = cases::table.select(Case::as_select()).order(cases::case_id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        rows = rows.filter(cases::case_id.lt(CaseId(after)));
    }
    // Of a deal with several names, its own; the others where they are asked for.
    rows = match page.case_id {
        Some(case) => rows.filter(cases::case_id.eq(case)),
        None => rows.filter(cases::merged_into.is_null()),
    };
    if let Some(status) = page.status {
        rows = rows.filter(cases::status.eq(status));
    }
    if let Some(account) = query.account_id {
        rows = rows.filter(cases::account_id.eq(account));
    }
    rows.load(conn).await
}

/// A page of the facts of a customer's deals, newest first; `accounts` = the customer and those that were merged into it.
pub async fn timeline(conn: &mut Conn, accounts: &[AccountId], query: &TimelineQuery) -> QueryResult<Vec<Fact>> {
    let page = query.page();
    let of_account = cases::table.filter(cases::account_id.eq_any(accounts)).select(cases::case_id);
    let mut rows = case_events::table
        .filter(case_events::case_id.eq_any(of_account))
        .select(Fact::as_select())
        .order(case_events::event_id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        rows = rows.filter(case_events::event_id.lt(EventId(after)));
    }
    if let Some(case) = page.case_id {
        rows = rows.filter(case_events::case_id.eq(case));
    }
    if let Some(service) = &query.service {
        rows = rows.filter(case_events::service.eq(service.clone()));
    }
    if let Some(from) = query.from {
        rows = rows.filter(case_events::at.ge(from));
    }
    if let Some(to) = query.to {
        rows = rows.filter(case_events::at.lt(to));
    }
    rows.load(conn).await
}

/// The latest fact about a document of this kind: what crm knows of other services' documents.
pub async fn latest_of(conn: &mut Conn, entity: &str, id: Uuid) -> QueryResult<Option<Fact>> {
    case_events::table
        .filter(case_events::subject_id.eq(id).and(case_events::entity.eq(entity)))
        .order(case_events::event_id.desc())
        .select(Fact::as_select())
        .first(conn)
        .await
        .optional()
}
