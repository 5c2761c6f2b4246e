//! The register of numbered documents, 单据登记 (PLT-05): which number went to which document, when and by whom, and when it
//! was archived. Written by `Tx` in the transaction that numbers or archives, with the outbox and the audit log; only added to.
//!
//! It tells no fact of its own: every numbered document tells one when it is made, with its number, and an event more for each
//! number would double the outbox for nothing that the list (by `after`, in order) does not say.
use crate::{Conn, Cx, Reply, Sight, schema::document_register, scoped};
use actix_web::{get, web::Query};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Page, PageQuery,
    numbering::{RegisterEntry, RegisterEntryId, RegisterQuery, RegisterStatus},
};

/// Mounted by the platform in every service.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(list_document_registers);
}

/// The numbers that one transaction has drawn and no document has taken yet. A service gives no number twice, whatever the kind
/// of its rule is called.
#[derive(Debug, Default)]
pub(crate) struct Drawn(Mutex<Vec<String>>);

impl Drawn {
    pub fn push(&self, number: &str) {
        self.lock().push(number.to_owned());
    }
    /// One that is left over.
    pub fn leftover(&self) -> Option<String> {
        self.lock().iter().next().cloned()
    }
    /// What is drawn by now, to come back to.
    pub fn all(&self) -> Vec<String> {
        self.lock().clone()
    }
    /// What was drawn or taken since never was.
    pub fn restore(&self, drawn: Vec<String>) {
        *self.lock() = drawn;
    }
    /// What the register has to know of a document that was `before` and is `after`: it takes a number, it is archived.
    pub fn entries(&self, before: Option<&Value>, after: &Value) -> Vec<(String, RegisterStatus)> {
        let Some(number) = field(after, "number").and_then(Value::as_str) else { return Vec::new() };
        let mut drawn = self.lock();
        let count = drawn.len();
        drawn.retain(|drawn| drawn != number);
        let archived = |value: &Value| field(value, "status").and_then(Value::as_str) == Some("archived");
        let news = [
            (drawn.len() < count, RegisterStatus::Registered),
            (archived(after) && !before.is_some_and(archived), RegisterStatus::Archived),
        ];
        news.into_iter().filter(|(so, _)| *so).map(|(_, status)| (number.to_owned(), status)).collect()
    }
    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A field of the row: of the entity itself, or of an aggregate's head.
fn field<'a>(entity: &'a Value, name: &str) -> Option<&'a Value> {
    entity.get(name).or_else(|| entity.get("head")?.get(name))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = document_register)]
struct Row {
    id: RegisterEntryId,
    kind: String,
    number: String,
    status: RegisterStatus,
    entity_id: Uuid,
    case_id: Option<CaseId>,
    registered_at: Moment,
    registered_by: String,
}
impl From<Row> for RegisterEntry {
    fn from(row: Row) -> Self {
        let Row { id, kind, number, status, entity_id, case_id, registered_at, registered_by } = row;
        Self { id, kind, number, status, entity_id, case_id, registered_at, registered_by }
    }
}

async fn list(conn: &mut Conn, query: &RegisterQuery, most: i64, sight: &Sight) -> QueryResult<Vec<Row>> {
    use document_register as r;
    let mut found = r::table.select(Row::as_select()).order(r::id.desc()).limit(most).into_boxed();
    found = scoped!(found, r, sight);
    if let Some(after) = query.after {
        found = found.filter(r::id.lt(after));
    }
    if let Some(case) = query.case_id {
        found = found.filter(r::case_id.eq(case));
    }
    if let Some(entity) = query.entity_id {
        found = found.filter(r::entity_id.eq(entity));
    }
    if let Some(kind) = &query.kind {
        found = found.filter(r::kind.eq(kind.clone()));
    }
    if let Some(number) = &query.number {
        found = found.filter(r::number.eq(number.clone()));
    }
    if let Some(status) = query.status {
        found = found.filter(r::status.eq(status));
    }
    found.load(conn).await
}

/// Which number went to which document, and what was archived; newest first. Documents from before the register are not in it.
#[utoipa::path(tag = "document_register", params(RegisterQuery), responses((status = 200, description = "A page", body = Page<RegisterEntry>)))]
#[get("/document-register")]
async fn list_document_registers(cx: Cx, query: Query<RegisterQuery>) -> Reply<Page<RegisterEntry>> {
    let page = PageQuery { limit: query.limit, ..PageQuery::default() };
    cx.read(async |conn| {
        let rows = list(conn, &query, page.fetch(), cx.sight()).await?;
        Ok(page.page(rows, |row| row.id.into(), Into::into))
    })
    .await
}
