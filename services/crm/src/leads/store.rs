//! The only SQL of leads.
use super::{domain::Lead, pool};
use crate::{
    names::{counterpart, name_key, phone_key, spelling},
    schema::leads,
    search,
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use platform::{Conn, Result, Sight, StoreAll, handover::Handed, page, rows, search::found};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Ownership,
    crm::{AccountId, CandidateKind, LeadCandidate, LeadId, LeadQuery, MatchLead, NewLead, ScoringModelId},
};

platform::store!(Lead, leads);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &LeadQuery, sight: &Sight) -> QueryResult<Vec<Lead>> {
    let page = query.page();
    let rows = page!(Lead, leads, page, sight; case_id = page.case_id, status = page.status);
    match found("leads", query.q.as_deref()) {
        Some(found) => rows.filter(found).load(conn).await,
        None => rows.load(conn).await,
    }
}

/// Leads being worked on that another model than this one rated, up to two hundred at a time, in the order in which they are
/// locked. Those of models before it and after it are looked for apart: "any but this" is a question that no index answers.
pub async fn rated_by_others(conn: &mut Conn, model: ScoringModelId) -> QueryResult<Vec<LeadId>> {
    let worked_on = || {
        let rows = leads::table.filter(leads::status.eq_any(["new", "screened", "contacted", "qualified"]));
        rows.order(leads::scoring_model_id).limit(100).select(leads::id)
    };
    let before: Vec<LeadId> = worked_on().filter(leads::scoring_model_id.lt(model)).load(conn).await?;
    let after: Vec<LeadId> = worked_on().filter(leads::scoring_model_id.gt(model)).load(conn).await?;
    let mut others = [before, after].concat();
    others.sort_by_key(|id| id.0);
    Ok(others)
}

/// The number of one of these customers that is worked on or waits in the pool.
pub async fn open_of(conn: &mut Conn, accounts: &[AccountId]) -> QueryResult<Option<String>> {
    let theirs = leads::table.filter(leads::account_id.eq_any(accounts));
    let open = theirs.filter(leads::status.ne_all(<Lead as Handed>::CLOSED)).order(leads::id);
    open.select(leads::number).first(conn).await.optional()
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = SqlUuid)]
    id: LeadId,
}

/// All of these customers, and those that were merged into them.
pub async fn of_accounts(conn: &mut Conn, accounts: &[AccountId]) -> QueryResult<Vec<LeadId>> {
    let query = "WITH RECURSIVE theirs AS (SELECT id FROM leads WHERE account_id = ANY ($1) \
                 UNION SELECT l.id FROM theirs t JOIN leads l ON l.merged_into_id = t.id) SELECT id FROM theirs ORDER BY id";
    let found: Vec<One> = diesel::sql_query(query).bind::<Array<SqlUuid>, _>(accounts).load(conn).await?;
    Ok(found.into_iter().map(|one| one.id).collect())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    matched: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    owner_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    team_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    department_id: Option<String>,
}

/// A lead with how its name sounds, to be compared and to be found, which is no part of it: it is worked out when the name is new (see
/// `spellings`).
#[derive(Serialize)]
struct Spelt<'a> {
    #[serde(flatten)]
    lead: &'a Lead,
    name_latin: String,
    pinyin: String,
}

impl StoreAll for Lead {
    async fn insert_all(conn: &Conn, leads: &[&Self]) -> QueryResult<()> {
        let sounds = leads.iter().map(|lead| (lead, spelling(&lead.name), search::spelling(&lead.name)));
        let spelt: Vec<Spelt> = sounds.map(|(lead, name_latin, pinyin)| Spelt { lead, name_latin, pinyin }).collect();
        rows::insert(conn, "leads", &spelt).await
    }
}

#[derive(QueryableByName)]
struct FoundOfMany {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Array<Text>)]
    matched: Vec<String>,
}

/// Those that agree with each of these, by its place; unnamed, and none that only sounds alike. The session must not read whole
/// tables for it, whatever it believes of their size: while an import fills them, the statistics are far behind.
pub async fn candidates_of_all(conn: &mut Conn, news: &[NewLead]) -> Result<HashMap<usize, Vec<LeadCandidate>>> {
    conn.batch_execute(
        "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off",
    )
    .await?;
    let names: Vec<String> = news.iter().map(|new| name_key(new.name.as_str())).collect();
    let phones = news.iter().map(|new| new.contact_phone.as_ref().and_then(|phone| phone_key(phone.as_str())));
    let emails = news.iter().map(|new| new.contact_email.as_ref().map(wire::Email::as_str));
    let found: Vec<FoundOfMany> = diesel::sql_query(include_str!("candidates_of_all.sql"))
        .bind::<Array<Text>, _>(names)
        .bind::<Array<Nullable<Text>>, _>(phones.collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(emails.collect::<Vec<_>>())
        .load(conn)
        .await?;
    let mut candidates: HashMap<usize, Vec<LeadCandidate>> = HashMap::new();
    for FoundOfMany { place, kind, id, number, matched } in found {
        let place = usize::try_from(place - 1).map_err(platform::ApiError::internal)?;
        let kind = kind.parse().map_err(platform::ApiError::internal)?;
        candidates.entry(place).or_default().push(LeadCandidate { kind, id, number, name: None, matched });
    }
    Ok(candidates)
}

/// Leads not closed and customers not invalid that agree in name, phone or e-mail; customers by their contacts too. The
/// best first, twenty at most. Named are those that the asker `sees`. Those that only sound alike in the other script come last,
/// and only where they are asked for: nothing is refused for their sake.
pub async fn candidates(
    conn: &mut Conn,
    wanted: &MatchLead,
    alike: bool,
    sees: impl Fn(CandidateKind, &Ownership) -> bool,
) -> Result<Vec<LeadCandidate>> {
    let found: Vec<Found> = diesel::sql_query(include_str!("candidates.sql"))
        .bind::<Text, _>(name_key(wanted.name.as_str()))
        .bind::<Nullable<Text>, _>(wanted.phone.as_ref().and_then(|phone| phone_key(phone.as_str())))
        .bind::<Nullable<Text>, _>(wanted.email.as_ref().map(wire::Email::as_str))
        .bind::<Nullable<Text>, _>(counterpart(&spelling(wanted.name.as_str())).filter(|_| alike))
        .load(conn)
        .await?;
    let candidate = |found: Found| {
        let Found { kind, id, number, name, matched, owner_id, team_id, department_id } = found;
        let kind = kind.parse().map_err(platform::ApiError::internal)?;
        let name = Some(name).filter(|_| sees(kind, &Ownership { owner_id, team_id, department_id }));
        Ok(LeadCandidate { kind, id, number, name, matched })
    };
    found.into_iter().map(candidate).collect()
}

platform::handed!(Lead, leads; row: this, closed: ["converted", "disqualified", "merged"], anew: Lead::begin_anew,
    then: pool::handed);
