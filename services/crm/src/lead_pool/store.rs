//! The only SQL of limits and holdings.
use super::domain::{Claimant, LeadPoolRule};
use crate::{
    leads::domain::Lead,
    schema::{lead_holdings, lead_pool_rules},
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{ApiError, Conn, Result, Stamp, page};
use wire::{
    Day, Moment, PageQuery,
    crm::{LeadHoldingId, LeadId, PoolReason},
};

platform::store!(LeadPoolRule, lead_pool_rules);

/// All of them; those of all other departments last.
pub async fn rules(conn: &mut Conn) -> QueryResult<Vec<LeadPoolRule>> {
    let all = lead_pool_rules::table.order(lead_pool_rules::department.asc().nulls_last());
    all.select(LeadPoolRule::as_select()).load(conn).await
}

/// Those that hold for a department.
pub async fn rule_of(conn: &mut Conn, department: Option<&str>) -> Result<LeadPoolRule> {
    let all = rules(conn).await?;
    let holds = |rule: &LeadPoolRule| rule.department.is_none() || rule.department.as_deref() == department;
    all.into_iter().find(holds).ok_or_else(|| ApiError::internal("no limits of the pool are in effect"))
}

/// A time during which somebody held a lead.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = lead_holdings, treat_none_as_default_value = false)]
pub struct Holding {
    pub id: LeadHoldingId,
    pub lead_id: LeadId,
    pub holder: String,
    pub since: Moment,
    /// The day of China on which it was claimed.
    pub claimed_on: Option<Day>,
    pub until: Option<Moment>,
    pub reason_code: Option<PoolReason>,
    pub reason: Option<String>,
    pub ended_by: Option<String>,
}

/// A page of the times of a lead, the last first.
pub async fn holdings_of(conn: &mut Conn, lead: LeadId, query: &PageQuery) -> QueryResult<Vec<Holding>> {
    let of_lead = lead_holdings::table.filter(lead_holdings::lead_id.eq(lead)).order(lead_holdings::id.desc());
    let mut rows = of_lead.select(Holding::as_select()).limit(query.fetch()).into_boxed();
    if let Some(after) = query.after {
        rows = rows.filter(lead_holdings::id.lt(LeadHoldingId(after)));
    }
    rows.load(conn).await
}

/// Why somebody's time with a lead ended; a code where it went to the pool.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    pub code: Option<PoolReason>,
    pub reason: &'a str,
}

/// Somebody has a lead from now on. One at a time holds a lead: what was open has ended (`end_holding`, `close_holding`).
pub async fn begin_holding(
    conn: &mut Conn,
    id: LeadHoldingId,
    lead: LeadId,
    (holder, claimed): (String, bool),
    by: &Stamp,
) -> QueryResult<()> {
    let holding = Holding {
        id,
        lead_id: lead,
        holder,
        since: by.at,
        claimed_on: claimed.then(|| by.today()),
        until: None,
        reason_code: None,
        reason: None,
        ended_by: None,
    };
    diesel::insert_into(lead_holdings::table).values(&holding).execute(conn).await.map(drop)
}

/// Ends the time that is open, if there is one: how many were.
pub async fn close_holding(conn: &mut Conn, lead: LeadId, ending: Ending<'_>, by: &Stamp) -> QueryResult<usize> {
    let open = lead_holdings::table.filter(lead_holdings::lead_id.eq(lead)).filter(lead_holdings::until.is_null());
    let end = (
        lead_holdings::until.eq(by.at),
        lead_holdings::reason_code.eq(ending.code),
        lead_holdings::reason.eq(ending.reason),
        lead_holdings::ended_by.eq(&by.actor),
    );
    diesel::update(open).set(end).execute(conn).await
}

/// `holder` no longer has it: what began when it changed hands ends; what was theirs from the beginning is noted now.
pub async fn end_holding(
    conn: &mut Conn,
    id: LeadHoldingId,
    lead: &Lead,
    holder: Option<&str>,
    ending: Ending<'_>,
    by: &Stamp,
) -> QueryResult<()> {
    let ended = close_holding(conn, lead.id, ending, by).await?;
    let Some(holder) = holder.filter(|_| ended == 0) else { return Ok(()) };
    let holding = Holding {
        id,
        lead_id: lead.id,
        holder: holder.to_owned(),
        since: lead.created_at,
        claimed_on: None,
        until: Some(by.at),
        reason_code: ending.code,
        reason: Some(ending.reason.to_owned()),
        ended_by: Some(by.actor.clone()),
    };
    diesel::insert_into(lead_holdings::table).values(&holding).execute(conn).await.map(drop)
}

#[derive(QueryableByName)]
struct Asked {
    #[diesel(sql_type = BigInt)]
    held: i64,
    #[diesel(sql_type = BigInt)]
    claims_today: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    gave_back_at: Option<Moment>,
}

/// What the limits ask of a person who wants this lead. Counted no further than the limit.
pub async fn claimant(conn: &mut Conn, lead: LeadId, limits: &LeadPoolRule, by: &Stamp) -> QueryResult<Claimant> {
    let holder = by.ownership.owner_id.clone().unwrap_or_default();
    let asked: Asked = diesel::sql_query(
        "SELECT (SELECT count(*) FROM (SELECT FROM leads WHERE owner_id = $1 \
                 AND status IN ('new', 'screened', 'contacted', 'qualified') LIMIT $4) h) AS held, \
                (SELECT count(*) FROM lead_holdings WHERE holder = $1 AND claimed_on = $3) AS claims_today, \
                (SELECT max(until) FROM lead_holdings WHERE lead_id = $2 AND holder = $1 AND reason_code IS NOT NULL) AS gave_back_at",
    )
    .bind::<Text, _>(holder)
    .bind::<SqlUuid, _>(lead)
    .bind::<diesel::sql_types::Date, _>(by.today())
    .bind::<BigInt, _>(i64::from(limits.most_held))
    .get_result(conn)
    .await?;
    let Asked { held, claims_today, gave_back_at } = asked;
    Ok(Claimant { held, claims_today, gave_back_at })
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = SqlUuid)]
    id: LeadId,
}

/// Leads that somebody holds and on which nobody has worked since `touched_at`, under one department's limits or under those of
/// all but these; `unwarned`: only those whose holder was not warned. In the order in which they are locked. Each department that
/// holds any is asked by itself, along its own part of the index: what others have idle does not lie in the way.
pub async fn idle(
    conn: &mut Conn,
    (of_these, departments): (bool, Vec<String>),
    touched_at: Moment,
    unwarned: bool,
    most: i64,
) -> QueryResult<Vec<LeadId>> {
    let unwarned = if unwarned { "AND warned_at IS NULL" } else { "" };
    let held = format!("status IN ('new', 'screened', 'contacted', 'qualified') AND owner_id IS NOT NULL {unwarned}");
    let query = format!(
        "WITH RECURSIVE holding AS ( \
             (SELECT coalesce(department_id, '') AS department FROM leads WHERE {held} ORDER BY coalesce(department_id, '') LIMIT 1) \
             UNION ALL SELECT (SELECT coalesce(department_id, '') FROM leads WHERE {held} \
                 AND coalesce(department_id, '') > holding.department ORDER BY coalesce(department_id, '') LIMIT 1) \
             FROM holding WHERE department IS NOT NULL) \
         SELECT id FROM (SELECT i.id FROM holding, LATERAL (SELECT id, touched_at FROM leads WHERE {held} \
             AND coalesce(department_id, '') = holding.department AND touched_at <= $1 ORDER BY touched_at LIMIT $4) i \
             WHERE (holding.department = ANY ($2)) = $3 ORDER BY i.touched_at LIMIT $4) found ORDER BY id"
    );
    let found: Vec<One> = diesel::sql_query(query)
        .bind::<Timestamptz, _>(touched_at)
        .bind::<Array<Text>, _>(departments)
        .bind::<Bool, _>(of_these)
        .bind::<BigInt, _>(most)
        .load(conn)
        .await?;
    Ok(found.into_iter().map(|one| one.id).collect())
}

/// A page of limits, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<LeadPoolRule>> {
    page!(LeadPoolRule, lead_pool_rules, query, all).load(conn).await
}
