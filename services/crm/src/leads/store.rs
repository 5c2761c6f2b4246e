//! The only SQL of leads.
use super::{domain::Lead, pool};
use crate::{
    names::{counterpart, name_key, phone_key, spelling},
    periods::{HOUR, first_id, moments_of},
    schema::{lead_reports, leads},
    search,
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use platform::{Conn, Result, Sight, Stamp, StoreAll, handover::Handed, page, rows, search::found, sorted};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    EmailAddress, Moment, Ownership, PageQuery, Phone,
    crm::{
        AccountId, CandidateKind, LeadCandidate, LeadId, LeadQuery, LeadReportId, LeadSort as Sort, MatchLead, NewLead,
        PartyType, ScoringModelId,
    },
};

platform::store!(Lead, leads);

/// A page.
pub async fn list(conn: &mut Conn, query: &LeadQuery, sight: &Sight) -> QueryResult<Vec<Lead>> {
    let page = query.page();
    let rows = |page: PageQuery| {
        page!(Lead, leads, page, sight; case_id = page.case_id, status = page.status, source = query.source,
            class = query.class, owner_id = query.owner_id)
    };
    let mut rows = match query.sort.unwrap_or(Sort::Newest) {
        Sort::Newest => rows(page),
        Sort::Oldest => sorted!(rows(page.from_start()), leads, page, "leads.id", asc),
        Sort::Score => {
            sorted!(rows(page.from_start()), leads, page, "coalesce((leads.score ->> 'total')::numeric, 0)", desc)
        }
    };
    // The id narrows it down, along the order in which the page is read; the moment decides.
    if let Some((from, _)) = query.created_from.map(|day| moments_of(day, day)) {
        rows = rows.filter(leads::id.ge(LeadId(first_id(from, -HOUR)))).filter(leads::created_at.ge(from));
    }
    if let Some((_, until)) = query.created_to.map(|day| moments_of(day, day)) {
        rows = rows.filter(leads::id.lt(LeadId(first_id(until, HOUR)))).filter(leads::created_at.lt(until));
    }
    match found("leads", query.q.as_deref()) {
        Some(found) => rows.filter(found).load(conn).await,
        None => rows.load(conn).await,
    }
}

/// A further report of a lead, as it was said.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = lead_reports, treat_none_as_default_value = false)]
pub struct Report {
    pub id: LeadReportId,
    pub lead_id: LeadId,
    pub party_type: PartyType,
    pub name: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    pub region: Option<String>,
    pub source: String,
    pub referrer_account_id: Option<AccountId>,
    pub need: Option<String>,
    pub taken_by: String,
    pub taken_at: Moment,
}
impl Report {
    pub fn of(id: LeadReportId, lead: LeadId, new: NewLead, by: &Stamp) -> Self {
        Self {
            id,
            lead_id: lead,
            party_type: new.party_type,
            name: new.name.into_string(),
            contact_name: new.contact_name.map(wire::Name::into_string),
            contact_phone: new.contact_phone.map(Phone::into_string),
            contact_email: new.contact_email.map(EmailAddress::into_string),
            region: new.region.map(wire::Name::into_string),
            source: new.source.into_string(),
            referrer_account_id: new.referrer_account_id,
            need: new.need.map(wire::Note::into_string),
            taken_by: by.actor.clone(),
            taken_at: by.at,
        }
    }
}

/// Keeps one.
pub async fn keep_report(conn: &mut Conn, report: &Report) -> QueryResult<()> {
    diesel::insert_into(lead_reports::table).values(report).execute(conn).await.map(drop)
}

/// A page of the reports of a lead, the last first.
pub async fn reports_of(conn: &mut Conn, lead: LeadId, query: &PageQuery) -> QueryResult<Vec<Report>> {
    let of_lead = lead_reports::table.filter(lead_reports::lead_id.eq(lead)).order(lead_reports::id.desc());
    let mut rows = of_lead.select(Report::as_select()).limit(query.fetch()).into_boxed();
    if let Some(after) = query.after {
        rows = rows.filter(lead_reports::id.lt(LeadReportId(after)));
    }
    rows.load(conn).await
}

/// Reports of the one are the other's: two leads were one.
pub async fn move_reports(conn: &mut Conn, from: LeadId, to: LeadId) -> QueryResult<()> {
    let theirs = lead_reports::table.filter(lead_reports::lead_id.eq(from));
    diesel::update(theirs).set(lead_reports::lead_id.eq(to)).execute(conn).await.map(drop)
}

/// What they said is not known any more (CRM-31).
pub async fn forget_reports(conn: &mut Conn, leads: &[LeadId]) -> QueryResult<()> {
    let theirs = lead_reports::table.filter(lead_reports::lead_id.eq_any(leads));
    diesel::delete(theirs).execute(conn).await.map(drop)
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
    let emails = news.iter().map(|new| new.contact_email.as_ref().map(EmailAddress::as_str));
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
