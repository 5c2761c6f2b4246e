//! The only SQL of quotes.
use super::{
    domain::{Basis, Head, Quote},
    lines::LineRow,
    traces::TraceRow,
};
use crate::{
    margins::Cost,
    schema::{quote_line_traces, quote_lines, quotes},
};
use diesel::{
    prelude::*,
    sql_types::{Array, Nullable, Numeric, Text as SqlText, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use platform::{Conn, Sight, Steady, Store, page, rows, scoped, search, sorted};
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Amount, Currency, Day, PageQuery,
    quoting::{QuoteId, QuoteQuery, QuoteSort as Sort},
};

impl Store for Quote {
    async fn lock(conn: &mut Conn, id: QuoteId) -> QueryResult<Option<Self>> {
        let head = quotes::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        match head {
            Some(head) => Ok(Some(with_lines(conn, head).await?)),
            None => Ok(None),
        }
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        let mut conn = &*conn;
        let head = diesel::insert_into(quotes::table).values(&self.head);
        try_join(head.execute(&mut conn), self.insert_lines(conn)).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            quotes::table.filter(quotes::id.eq(self.head.id)).filter(quotes::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 && self.lines_changed {
            let (mut conn, mut again) = (&*conn, &*conn);
            let old = diesel::delete(quote_lines::table.filter(quote_lines::quote_id.eq(self.head.id)));
            let traces = diesel::delete(quote_line_traces::table.filter(quote_line_traces::quote_id.eq(self.head.id)));
            // Not in one go with what takes their place: a session that has yet to prepare these would send that first.
            try_join(old.execute(&mut conn), traces.execute(&mut again)).await?;
            self.insert_lines(conn).await?;
        }
        Ok(touched)
    }
}

impl Quote {
    async fn insert_lines(&self, conn: &Conn) -> QueryResult<()> {
        let lines = rows::insert(conn, "quote_lines", &self.lines);
        try_join(lines, rows::insert(conn, "quote_line_traces", &self.traces)).await.map(drop)
    }
}

/// How the prices of a quote's lines came about.
pub async fn traces(conn: &mut Conn, id: QuoteId) -> QueryResult<Vec<TraceRow>> {
    let traces = quote_line_traces::table.filter(quote_line_traces::quote_id.eq(id));
    traces.select(TraceRow::as_select()).load(conn).await
}

async fn with_lines(conn: &mut Conn, head: Head) -> QueryResult<Quote> {
    let lines = quote_lines::table
        .filter(quote_lines::quote_id.eq(head.id))
        .order(quote_lines::line_number)
        .select(LineRow::as_select())
        .load(conn)
        .await?;
    let basis = basis(&head, &settled(conn, [&head]).await?);
    Ok(Quote { head, lines, lines_changed: false, traces: Vec::new(), basis })
}

#[derive(QueryableByName)]
struct Settled {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Numeric>)]
    total: Option<Amount>,
    #[diesel(sql_type = Nullable<SqlText>)]
    currency: Option<Currency>,
}

/// Of the documents that these quotes rest on, those that carry: confirmed specifications, locked cost sheets.
/// One query for a whole page, and none where they rest on nothing.
async fn settled(conn: &mut Conn, heads: impl IntoIterator<Item = &Head>) -> QueryResult<HashMap<Uuid, Settled>> {
    let named = |head: &Head| [head.requirement_spec_id.map(Uuid::from), head.cost_sheet_id.map(Uuid::from)];
    let ids: Vec<Uuid> = heads.into_iter().flat_map(named).flatten().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = "SELECT id, NULL::numeric AS total, NULL::text AS currency FROM replicas WHERE kind = 'requirement_spec' AND id = ANY ($1) AND data ->> 'status' = 'confirmed' \
                 UNION ALL SELECT id, total, currency FROM cost_sheets WHERE id = ANY ($1) AND status = 'locked'";
    let rows: Vec<Settled> = diesel::sql_query(query).bind::<Array<SqlUuid>, _>(ids).load(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn basis(head: &Head, settled: &HashMap<Uuid, Settled>) -> Basis {
    let sheet = head.cost_sheet_id.map(|id| settled.get(&id.into()));
    Basis {
        spec_confirmed: head.requirement_spec_id.is_none_or(|id| settled.contains_key(&id.into())),
        cost_locked: sheet.is_none_or(|locked| locked.is_some()),
        cost: Cost::of(sheet.flatten().and_then(|locked| locked.total.zip(locked.currency)), head.currency),
        in_hands_of: None,
        today: None,
    }
}

/// One quote.
pub async fn find(conn: &mut Conn, id: QuoteId) -> QueryResult<Option<Quote>> {
    match quotes::table.find(id).select(Head::as_select()).first(conn).await.optional()? {
        Some(head) => Ok(Some(with_lines(conn, head).await?)),
        None => Ok(None),
    }
}

/// These quotes, in this order; those that there are not are left out. Two queries, however many they are.
pub async fn find_all(conn: &mut Conn, ids: &[QuoteId]) -> QueryResult<Vec<Quote>> {
    let heads = quotes::table.filter(quotes::id.eq_any(ids)).select(Head::as_select()).load(conn).await?;
    let mut found = whole(conn, heads).await?;
    found.sort_by_key(|quote| ids.iter().position(|id| *id == quote.head.id));
    Ok(found)
}

/// A page; four queries at most however long it is.
pub async fn list(conn: &mut Conn, asked: &QuoteQuery, sight: &Sight) -> QueryResult<Vec<Quote>> {
    let page = asked.page();
    let rows = |page: PageQuery| {
        page!(Head, quotes, page, sight; case_id = page.case_id, status = page.status, account_id = asked.account_id,
            opportunity_id = asked.opportunity_id, owner_id = asked.owner_id)
    };
    let mut query = match asked.sort.unwrap_or(Sort::Newest) {
        Sort::Newest => rows(page),
        Sort::Oldest => sorted!(rows(page.from_start()), quotes, page, "quotes.id", asc),
        Sort::Gross => sorted!(rows(page.from_start()), quotes, page, "quotes.gross", desc),
        Sort::ValidUntil => sorted!(rows(page.from_start()), quotes, page, "quotes.valid_until", asc),
    };
    if let Some(found) = search::found("quotes", asked.q.as_deref()) {
        query = query.filter(found);
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

/// The revisions of a number that are in sight, the first one first.
pub async fn versions(conn: &mut Conn, number: &str, sight: &Sight) -> QueryResult<Vec<Quote>> {
    let revisions = quotes::table.filter(quotes::number.eq(number.to_owned()));
    let revisions = revisions.select(Head::as_select()).order(quotes::revision.asc()).into_boxed();
    let heads = scoped!(revisions, quotes, sight).load(conn).await?;
    whole(conn, heads).await
}

/// With their lines: two queries however many they are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Quote>> {
    let settled = settled(conn, &heads).await?;
    let ids: Vec<QuoteId> = heads.iter().map(|head| head.id).collect();
    let lines: Vec<LineRow> = quote_lines::table
        .filter(quote_lines::quote_id.eq_any(ids))
        .order((quote_lines::quote_id, quote_lines::line_number))
        .select(LineRow::as_select())
        .load(conn)
        .await?;
    let mut by_quote: HashMap<QuoteId, Vec<LineRow>> = HashMap::new();
    for line in lines {
        by_quote.entry(line.quote_id).or_default().push(line);
    }
    let whole = |head: Head| Quote {
        lines: by_quote.remove(&head.id).unwrap_or_default(),
        basis: basis(&head, &settled),
        head,
        lines_changed: false,
        traces: Vec::new(),
    };
    Ok(heads.into_iter().map(whole).collect())
}

/// Issued quotes whose last day is over.
pub async fn overdue(conn: &mut Conn, today: Day) -> QueryResult<Vec<QuoteId>> {
    quotes::table
        .filter(quotes::status.eq_any(["issued", "negotiating"]))
        .filter(quotes::valid_until.lt(today))
        .order(quotes::valid_until)
        .limit(100)
        .select(quotes::id)
        .load(conn)
        .await
}

platform::handed!(Quote, quotes; row: head, closed: ["accepted", "rejected", "expired", "withdrawn", "superseded"]);
