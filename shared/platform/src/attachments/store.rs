//! The SQL of attachments, what domain code asks of them, and the sweep of files that no row names.
use super::Files;
use crate::{ApiError, Change, Conn, Entity, Result, Sight, Steady, Store, Tx, schema::attachments, scoped};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::SignedDuration;
use serde::Serialize;
use std::{collections::HashSet, time::SystemTime};
use uuid::Uuid;
use wire::{
    CaseId, Moment, Ownership,
    attachment::{AttachmentId, AttachmentKind, AttachmentQuery, FileType},
};

/// A file that was kept, as it is stored.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = attachments, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Attachment {
    pub id: AttachmentId,
    /// Lower-case hexadecimal digits.
    pub sha256: String,
    pub size_bytes: i64,
    pub content_type: FileType,
    pub file_name: String,
    pub kind: AttachmentKind,
    pub entity: Option<String>,
    pub entity_id: Option<Uuid>,
    pub case_id: Option<CaseId>,
    pub uploaded_by: String,
    pub uploaded_at: Moment,
    /// Whoever uploaded it, until a document names it: then whose that document is.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub version: i32,
}

impl Attachment {
    /// Has a document named it? That is the one thing that changes an attachment.
    pub(super) fn is_confirmed(&self) -> bool {
        self.version > 1
    }
}

impl Entity for Attachment {
    const KIND: &'static str = "attachment";
    type Id = AttachmentId;
    fn id(&self) -> AttachmentId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "kept"
    }
    fn case_id(&self) -> Option<CaseId> {
        self.case_id
    }
    fn ownership(&self) -> Option<Ownership> {
        Some(Ownership {
            owner_id: self.owner_id.clone(),
            team_id: self.team_id.clone(),
            department_id: self.department_id.clone(),
        })
    }
}

impl Store for Attachment {
    async fn lock(conn: &mut Conn, id: AttachmentId) -> QueryResult<Option<Self>> {
        attachments::table.find(Uuid::from(id)).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(attachments::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            attachments::table.filter(attachments::id.eq(self.id)).filter(attachments::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

pub(super) async fn find(conn: &mut Conn, id: AttachmentId) -> QueryResult<Option<Attachment>> {
    attachments::table.find(Uuid::from(id)).select(Attachment::as_select()).first(conn).await.optional()
}

/// Newest first.
pub(super) async fn list(
    conn: &mut Conn,
    query: &AttachmentQuery,
    most: i64,
    sight: &Sight,
) -> QueryResult<Vec<Attachment>> {
    let mut found =
        attachments::table.select(Attachment::as_select()).order(attachments::id.desc()).limit(most).into_boxed();
    found = scoped!(found, attachments, sight);
    if let Some(after) = query.after {
        found = found.filter(attachments::id.lt(after));
    }
    if let Some(entity) = query.entity_id {
        found = found.filter(attachments::entity_id.eq(entity));
    }
    if let Some(case) = query.case_id {
        found = found.filter(attachments::case_id.eq(case));
    }
    if let Some(kind) = query.kind {
        found = found.filter(attachments::kind.eq(kind));
    }
    found.load(conn).await
}

impl Tx {
    /// The attachment that a request names in field `pointer`, locked: 422 where there is none that whoever asks may see.
    async fn named_attachment(&mut self, pointer: &str, id: impl Into<Uuid>) -> Result<Attachment> {
        let id = id.into();
        let unknown = || {
            let english = format!("no attachment {id} is known here; upload the file first");
            ApiError::field(pointer, english, format!("此处没有附件 {id}，请先上传文件"))
        };
        let found: Option<Attachment> = self.try_load(id.into()).await?;
        found.filter(|attachment| self.files.sees(attachment.ownership().as_ref())).ok_or_else(unknown)
    }

    /// The attachment that a request names in field `pointer` belongs to `document` from now on: whoever sees the document
    /// sees the file. One that belongs to something else already stays there and is refused; one that whoever asks may not see
    /// is not there.
    pub async fn attach<T: Entity>(&mut self, pointer: &str, id: impl Into<Uuid>, document: &T) -> Result<Attachment> {
        let attachment = self.named_attachment(pointer, id).await?;
        let owner = document.id().into();
        if attachment.entity_id.is_some_and(|known| known != owner) {
            let id = attachment.id;
            let english = format!("attachment {id} belongs to another document");
            return Err(ApiError::field(pointer, english, format!("附件 {id} 属于其他单据")));
        }
        let Ownership { owner_id, team_id, department_id } = match document.ownership() {
            Some(ownership) => ownership,
            None => attachment.ownership().unwrap_or_default(),
        };
        let version = attachment.version + 1;
        let (entity, entity_id) = (Some(T::KIND.to_owned()), Some(owner));
        let case_id = document.case_id();
        let next = Attachment { entity, entity_id, case_id, owner_id, team_id, department_id, version, ..attachment };
        self.save(Change::new("attach", next)).await
    }

    /// Held until the transaction has ended: the sweep does not take away a file that is just being named.
    pub(super) async fn hold_file(&mut self, sha256: &str) -> Result<()> {
        self.one_at_a_time(&format!("attachment {sha256}")).await
    }
}

/// Files of uploads that came to nothing lie for a day; in small bites, so that no uploader waits.
const ORPHANS_LIE: SignedDuration = SignedDuration::from_hours(24);
/// A run looks into one in so many drawers: those whose turn it is this hour.
const TURNS: u8 = 16;
/// Files asked about at once.
const LOOK_AT: usize = 10_000;
/// Files removed a run.
const BITE: usize = 100;

/// Removes files that no row names: all of them once in [`TURNS`] hours, however many are kept.
pub(crate) async fn sweep(tx: &mut Tx, now: Moment, files: &Files) -> Result<()> {
    let then = SystemTime::from(now.timestamp() - ORPHANS_LIE);
    let hour = now.timestamp().as_second().div_euclid(60 * 60);
    let turn = u8::try_from(hour.rem_euclid(i64::from(TURNS))).unwrap_or(0);
    let more = files.discard(then).await?;
    stay(tx).await?;
    let mut left = BITE;
    for drawer in (0..=u8::MAX).filter(|drawer| drawer % TURNS == turn) {
        let old = files.old(drawer, then).await?;
        stay(tx).await?;
        for some in old.chunks(LOOK_AT) {
            left -= remove(tx, some, left, files).await?;
        }
    }
    if more || left == 0 {
        tx.again();
    }
    Ok(())
}

/// The session of a transaction may not be idle for long: a store that takes its time at each of many requests must not cost it.
async fn stay(tx: &mut Tx) -> QueryResult<()> {
    diesel::sql_query("SELECT 1").execute(tx.conn()).await.map(drop)
}

/// Of these files removes those that no row names, at most `most`; how many?
async fn remove(tx: &mut Tx, old: &[String], most: usize, files: &Files) -> Result<usize> {
    let known = named(tx.conn(), old).await?;
    let orphans: Vec<&String> = old.iter().filter(|sha256| !known.contains(*sha256)).take(most).collect();
    for &sha256 in &orphans {
        tx.hold_file(sha256).await?;
        // Looked up again under the lock: it may have been uploaded once more since.
        if named(tx.conn(), std::slice::from_ref(sha256)).await?.is_empty() {
            files.remove(sha256).await?;
            tracing::info!(sha256, "removed a file that no attachment names");
        }
    }
    Ok(orphans.len())
}

/// Those of these files that a row names.
async fn named(conn: &mut Conn, sha256: &[String]) -> QueryResult<HashSet<String>> {
    let found = attachments::table.filter(attachments::sha256.eq_any(sha256)).select(attachments::sha256);
    Ok(found.load(conn).await?.into_iter().collect())
}
