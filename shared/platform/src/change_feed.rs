//! `GET /changes`: what was written, in the order in which it may be relied on, for programs that keep a copy (delta sync).
//! It reads the audit log and never shows a line while one before it may still appear: numbers are drawn before the commit.
//! It pushes nothing; who wants to be told has the events.
use crate::{
    Cx, Reply, Result,
    app::App,
    audit::{self, Adding},
    schema::{audit_log, audit_seals},
};
use actix_web::{get, web::Query};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::change_feed::{ChangeEntry, ChangePage, ChangeQuery};

/// Mounted by the platform in every service.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(list_changes);
}

/// How often one who waits looks.
const LOOK: Duration = Duration::from_millis(250);

/// What was written since, oldest first: ask again with `next`. With `wait_seconds` an empty answer waits that long for
/// something to happen (not while many others are waiting, or the service is about to leave: ask again then).
#[utoipa::path(tag = "change", params(ChangeQuery), responses((status = 200, description = "A page, oldest first", body = ChangePage)))]
#[get("/changes")]
async fn list_changes(cx: Cx, query: Query<ChangeQuery>) -> Reply<ChangePage> {
    let limit = query.limit.unwrap_or(200).into();
    let end = Instant::now() + Duration::from_secs(query.wait_seconds.unwrap_or(0).into());
    let mut page = page(cx.app(), query.after, limit).await?;
    if query.after.is_some() && page.items.is_empty() {
        // Whoever waits holds one of the places for requests.
        let seat = cx.app().waiting.try_acquire();
        while page.items.is_empty() && seat.is_ok() && Instant::now() < end && !cx.is_leaving() {
            sleep(LOOK.min(end - Instant::now())).await;
            page = self::page(cx.app(), Some(page.next), limit).await?;
        }
    }
    cx.show(&page)
}

async fn page(app: &App, after: Option<i64>, limit: i64) -> Result<ChangePage> {
    let Some(after) = after else { return Ok(ChangePage { items: Vec::new(), next: now(app).await? }) };
    let mut rows = above(app, after, limit).await?;
    let whole = unbroken(&rows, after);
    if whole < rows.len() {
        // A number that is not there was lost with its transaction, or its transaction goes on.
        let to = rows.last().map_or(after, |row| row.seq);
        if nobody_adds(app).await? {
            rows = above(app, after, limit).await?;
            rows.retain(|row| row.seq <= to);
        } else {
            rows.truncate(whole);
        }
    }
    Ok(ChangePage { next: rows.last().map_or(after, |row| row.seq), items: rows.into_iter().map(Into::into).collect() })
}

/// Up to which number nothing can be added any more: the newest one, or what is sealed where somebody takes long.
async fn now(app: &App) -> Result<i64> {
    let (newest, sealed): (Option<i64>, Option<i64>) = {
        let mut conn = app.readers.get().await?;
        let newest = audit_log::table.select(diesel::dsl::max(audit_log::seq)).single_value();
        let sealed = audit_seals::table.select(diesel::dsl::max(audit_seals::to_seq)).single_value();
        diesel::select((newest, sealed)).get_result(&mut conn).await?
    };
    let sure = if nobody_adds(app).await? { newest } else { sealed };
    Ok(sure.unwrap_or(0))
}

/// Holding no connection between two looks: many may be asking.
async fn nobody_adds(app: &App) -> Result<bool> {
    let mut adding = Adding::seen(audit::writers(&mut *app.readers.get().await?).await?);
    while adding.goes_on().await {
        adding.look(&audit::writers(&mut *app.readers.get().await?).await?);
    }
    Ok(adding.is_nobody())
}

/// How many rows follow `after` without a gap.
fn unbroken(rows: &[Row], after: i64) -> usize {
    rows.iter().zip(after + 1..).take_while(|(row, seq)| row.seq == *seq).count()
}

async fn above(app: &App, after: i64, limit: i64) -> Result<Vec<Row>> {
    let rows = audit_log::table.filter(audit_log::seq.gt(after)).order(audit_log::seq).limit(limit);
    Ok(rows.select(Row::as_select()).load(&mut *app.readers.get().await?).await?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_log)]
struct Row {
    seq: i64,
    at: wire::Moment,
    entity: String,
    entity_id: uuid::Uuid,
    version: i32,
    action: String,
    status: String,
    case_id: Option<uuid::Uuid>,
}
impl From<Row> for ChangeEntry {
    fn from(row: Row) -> Self {
        let Row { seq, at, entity, entity_id, version, action, status, case_id } = row;
        Self { seq, at, entity, entity_id, version, action, status, case_id }
    }
}
