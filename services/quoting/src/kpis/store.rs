//! What is counted, and the records behind it. The sum and the records are the same rows by the same conditions.
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_types::{BigInt, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady};
use wire::{
    Currency, Figure, Moment, PageQuery,
    kpi::{KpiQuery, KpiRecord, KpiSubject},
    quoting::QuoteId,
};

/// Accepted quotes of a time, with what they leave over their locked costs; nothing where those are not known in `$6`.
/// `$1`, `$2`: from the one moment to before the other; `$3` … `$5`: owner, team, department of whom; `$7` … `$9`: of the rows
/// that the caller sees. Costs are looked up quote by quote: the plan must not read all sheets.
const ACCEPTED: &str = "SELECT q.id, q.number, q.decided_at AS at, q.owner_id, \
        CASE WHEN q.currency = $6 THEN q.net - (SELECT s.total FROM cost_sheets s WHERE s.id = q.cost_sheet_id AND s.status = 'locked' AND s.currency = q.currency) END AS profit \
    FROM quotes q WHERE q.status = 'accepted' AND q.decided_at >= $1 AND q.decided_at < $2 \
      AND ($3::text IS NULL OR q.owner_id = $3) AND ($4::text IS NULL OR q.team_id = $4) AND ($5::text IS NULL OR q.department_id = $5) \
      AND ($7::text IS NULL OR q.owner_id = $7) AND ($8::text IS NULL OR q.team_id = $8) AND ($9::text IS NULL OR q.department_id = $9)";

/// Whose and when.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    pub query: &'a KpiQuery,
    pub sight: &'a Sight,
    pub from: Moment,
    pub until: Moment,
}

/// The figure's parts.
#[derive(Debug, QueryableByName)]
pub struct Counts {
    #[diesel(sql_type = Numeric)]
    pub profit: Figure,
    #[diesel(sql_type = BigInt)]
    pub records: i64,
    #[diesel(sql_type = BigInt)]
    pub left_out: i64,
}

/// The sum over all of them.
pub async fn profit(conn: &mut Conn, counted: &Counted<'_>) -> QueryResult<Counts> {
    let query = format!(
        "SELECT coalesce(sum(profit), 0) AS profit, count(profit) AS records, count(*) - count(profit) AS left_out FROM ({ACCEPTED}) a"
    );
    Steady(bound(query, counted)).get_result(conn).await
}

fn bound(query: String, counted: &Counted<'_>) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    let of = |wanted: fn(&KpiSubject) -> Option<&String>| counted.query.subject.as_ref().and_then(wanted).cloned();
    let user = of(|subject| if let KpiSubject::User(id) = subject { Some(id) } else { None });
    let team = of(|subject| if let KpiSubject::Team(id) = subject { Some(id) } else { None });
    let department = of(|subject| if let KpiSubject::Department(id) = subject { Some(id) } else { None });
    let (mut own, mut teams, mut departments) = (None, None, None);
    match counted.sight.clone() {
        Sight::All => {}
        Sight::Own(id) => own = Some(id),
        Sight::Team(id) => teams = Some(id),
        Sight::Department(id) => departments = Some(id),
    }
    let currency = counted.query.currency.unwrap_or(Currency::CNY).code();
    diesel::sql_query(query)
        .into_boxed()
        .bind::<Timestamptz, _>(counted.from)
        .bind::<Timestamptz, _>(counted.until)
        .bind::<Nullable<Text>, _>(user)
        .bind::<Nullable<Text>, _>(team)
        .bind::<Nullable<Text>, _>(department)
        .bind::<Text, _>(currency)
        .bind::<Nullable<Text>, _>(own)
        .bind::<Nullable<Text>, _>(teams)
        .bind::<Nullable<Text>, _>(departments)
}

#[derive(Debug, QueryableByName)]
struct Record {
    #[diesel(sql_type = SqlUuid)]
    id: QuoteId,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Timestamptz)]
    at: Moment,
    #[diesel(sql_type = Nullable<Text>)]
    owner_id: Option<String>,
    #[diesel(sql_type = Numeric)]
    profit: Figure,
}

/// A page of them, newest first.
pub async fn records(conn: &mut Conn, counted: &Counted<'_>, page: &PageQuery) -> QueryResult<Vec<KpiRecord>> {
    let query = format!(
        "SELECT * FROM ({ACCEPTED}) a WHERE profit IS NOT NULL AND ($10::uuid IS NULL OR id < $10) ORDER BY id DESC LIMIT $11"
    );
    let query = bound(query, counted).bind::<Nullable<SqlUuid>, _>(page.after).bind::<BigInt, _>(page.fetch());
    let rows: Vec<Record> = Steady(query).load(conn).await?;
    let shown = |Record { id, number, at, owner_id, profit }| KpiRecord {
        id: id.into(),
        kind: "quote".into(),
        number,
        at,
        owner_id,
        numerator: profit,
        denominator: None,
    };
    Ok(rows.into_iter().map(shown).collect())
}
