//! One business transaction: rows + outbox + audit + approvals + stored answer, all or nothing.
//! The only door to writing, and the only way through it is a `Change`. Refuses to publish: the relay does.
mod cause;
mod claim;
mod discard;
mod opening;
mod part;
mod record;
mod turn;

pub use cause::Cause;
pub(crate) use claim::{Claim, Claimed, Slot, in_flight};
use discard::Discard;
pub(crate) use opening::Opening;
pub use part::Part;
use record::difference;
pub(crate) use record::{Flush, Record};
pub(crate) use turn::pg_advisory_xact_lock;

use crate::{
    ApiError, Change, Conn, Pool, Result, Sight, Stamp, Store, StoreAll,
    app::App,
    approvals,
    change::{Fact, versionless},
    clock::Clock,
    measures,
    register::Drawn,
    teeth::{crash, planted},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection, pooled_connection::deadpool::Object};
use futures_util::future::join;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use tokio::task::unconstrained;
use uuid::Uuid;
use wire::{CaseId, CloudEvent, EventId, Ownership};

/// Owns its pooled connection, so it has no lifetime and closures over it stay simple.
/// Dropped unfinished (a panic, a hung-up client), it throws the connection away and Postgres rolls back.
pub struct Tx {
    conn: Option<Object<Conn>>,
    cause: Cause,
    clock: Clock,
    sight: Sight,
    /// Whose attachments may be named.
    pub(crate) files: Sight,
    /// `If-Match` of the request: checked where the addressed row is opened.
    if_match: Option<String>,
    /// What changes nothing is not written.
    patches: bool,
    before: HashMap<Uuid, Value>,
    pub(crate) drawn: Drawn,
    record: Record,
    /// This job has more to do.
    pub(crate) again: bool,
}

/// How a command reached the row that its URL names.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub sight: Sight,
    /// The attachments that whoever asks may see, and so may name.
    pub files: Sight,
    pub if_match: Option<String>,
    /// A PATCH: what changes nothing makes no version.
    pub patches: bool,
}
impl Access {
    /// Nobody asks: an event or the clock does.
    pub const WHOLE: Self = Self { sight: Sight::All, files: Sight::All, if_match: None, patches: false };
}

impl Tx {
    /// Begins, and says what the opening found: one round trip.
    pub(crate) async fn begin<O: Opening + ?Sized>(
        pool: &Pool,
        clock: &Clock,
        cause: Cause,
        access: Access,
        opening: &O,
    ) -> Result<(Self, O::Found)> {
        let since = std::time::Instant::now();
        let conn = pool.get().await;
        measures::waited(cause.service, "write", since);
        let mut guard = Discard(Some(conn?));
        let found = {
            let mut conn = guard.conn();
            let (begun, found) = unconstrained(join(conn.batch_execute(O::BEGIN), opening.look(guard.conn()))).await;
            begun?;
            found
        };
        let Access { sight, files, if_match, patches } = access;
        let record = Record { at: Some(cause.stamp.at), ..Record::default() };
        let tx = Self {
            conn: guard.0.take(),
            cause,
            clock: clock.clone(),
            sight,
            files,
            if_match,
            patches,
            before: HashMap::new(),
            drawn: Drawn::default(),
            record,
            again: false,
        };
        crash("begun");
        match found {
            Err(error) => tx.end(Err(error.into())).await.map(|(never, _)| never),
            Ok(found) => Ok((tx, found)),
        }
    }

    /// Commits what `outcome` succeeded in doing, rolls back what it failed to; with the number of messages woken.
    async fn end<T>(mut self, outcome: Result<T>) -> Result<(T, i64)> {
        let conn = self.conn.take().ok_or_else(|| ApiError::internal("transaction ended twice"))?;
        let mut discard = Discard(Some(conn));
        let conn = discard.conn();
        let (mut first, mut second) = (conn, conn);
        let value = match outcome {
            Ok(value) => value,
            Err(error) => {
                discard.undo().await;
                return Err(error);
            }
        };
        if let Some(number) = self.drawn.leftover() {
            discard.undo().await;
            return Err(ApiError::internal(format!("number {number} was drawn and no document has taken it")));
        }
        let mut woken = 0;
        if self.record.is_empty() && self.record.landed.is_empty() {
            first.batch_execute("COMMIT").await?;
        } else {
            // Pipelined: the statement is prepared on every connection when it is opened (`db::open`), so it is sent
            // before COMMIT (unconstrained: a spent task budget must not make it wait while COMMIT goes). Had it failed, COMMIT answers as ROLLBACK and the error below is the truth.
            let late = self.record.planted_late().map(Box::new);
            let flush = Flush(&self.record);
            crash("written");
            let (flushed, committed) =
                unconstrained(join(flush.get_result::<i64>(&mut first), second.batch_execute("COMMIT"))).await;
            crash("committed");
            match flushed {
                Ok(rows) => woken = rows,
                Err(error) => {
                    if committed.is_ok() {
                        discard.keep();
                    }
                    return Err(twin(error));
                }
            }
            committed?;
            if let Some(late) = late {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                Flush(&late).get_result::<i64>(&mut first).await?;
            }
        }
        discard.keep();
        Ok((value, woken))
    }

    /// The facts so far, by type.
    pub(crate) fn told(&self) -> &[String] {
        &self.record.fact_kinds
    }
    /// From here on it is about another message: what is told and noted now follows from that one.
    pub(crate) fn follow(&mut self, cause: Cause) {
        self.cause = cause;
    }
    /// In this name, who owns nothing: someone without an account has said who they are.
    pub(crate) fn act_as(&mut self, actor: String) {
        (self.cause.stamp.actor, self.cause.stamp.ownership) = (actor, Ownership::default());
    }
    /// Whose transaction it is.
    pub(crate) fn service(&self) -> &'static str {
        self.cause.service
    }
    /// Who and when.
    pub fn stamp(&self) -> Stamp {
        self.cause.stamp.clone()
    }
    /// The case of the event being handled.
    pub fn cause_case(&self) -> Option<CaseId> {
        self.cause.case
    }
    /// The event being handled: rows born of it keep it (`UNIQUE (cause_event_id)`).
    pub fn cause_event(&self) -> Option<EventId> {
        self.cause.event
    }
    /// A fresh id.
    pub fn id<I: From<Uuid>>(&self) -> I {
        self.clock.id().into()
    }
    /// For the queries of a slice's `store.rs`.
    ///
    /// # Panics
    /// Never: the connection is there until the transaction has ended.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("present until end() takes the transaction")
    }

    /// For queries that go out together, one round trip for all of them: `try_join(find(tx.shared(), …), …)`. The session
    /// runs them in the order in which they are first polled.
    ///
    /// # Panics
    /// Never: the connection is there until the transaction has ended.
    pub fn shared(&self) -> &Conn {
        self.conn.as_ref().expect("present until end() takes the transaction")
    }

    /// The row that the URL names: 404 if absent or out of sight, then 428/412 by `If-Match` (ruling 19).
    pub async fn open<T: Store>(&mut self, id: T::Id) -> Result<T> {
        self.open_if(id, |_| false).await
    }
    /// The same, and `also` opens what the caller's own scope does not.
    pub(crate) async fn open_if<T: Store>(&mut self, id: T::Id, also: impl Fn(&T) -> bool) -> Result<T> {
        let entity = self.load::<T>(id).await?;
        if !self.sight.sees(entity.ownership().as_ref()) && !also(&entity) {
            return Err(ApiError::NotFound { entity: T::KIND, id: id.to_string() });
        }
        let current = format!("\"{}\"", entity.version());
        match &self.if_match {
            None => Err(ApiError::NoIfMatch),
            Some(tag) if *tag == current || planted("B17") => Ok(entity),
            Some(_) => Err(ApiError::Stale { current }),
        }
    }
    /// Any other row, locked; 404 if absent.
    pub async fn load<T: Store>(&mut self, id: T::Id) -> Result<T> {
        self.try_load(id).await?.ok_or_else(|| ApiError::NotFound { entity: T::KIND, id: id.to_string() })
    }
    /// A replica row or one that an earlier event made; waits (`NotYet`) if it has not landed.
    pub async fn await_row<T: Store>(&mut self, id: T::Id) -> Result<T> {
        self.try_load(id).await?.ok_or_else(|| ApiError::NotYet(format!("{}:{id}", T::KIND)))
    }
    /// A row, locked, if it is there.
    pub async fn try_load<T: Store>(&mut self, id: T::Id) -> Result<Option<T>> {
        let entity = T::lock(self.conn(), id).await?;
        if let Some(entity) = &entity {
            self.before.insert(id.into(), serde_json::to_value(entity)?);
        }
        Ok(entity)
    }
    /// Writes a new row and all that follows from it.
    pub async fn create<T: Store>(&mut self, change: Change<T>) -> Result<T> {
        change.after.insert(self.conn()).await?;
        self.record.landed.push(format!("{}:{}", T::KIND, change.after.id()));
        self.note(change).await
    }
    /// Writes many new rows of one kind together, and all that follows from each.
    pub async fn create_all<T: StoreAll>(&mut self, changes: Vec<Change<T>>) -> Result<Vec<T>> {
        let rows: Vec<&T> = changes.iter().map(|change| &change.after).collect();
        T::insert_all(self.shared(), &rows).await?;
        drop(rows);
        let mut made = Vec::with_capacity(changes.len());
        for change in changes {
            self.record.landed.push(format!("{}:{}", T::KIND, change.after.id()));
            made.push(self.note(change).await?);
        }
        Ok(made)
    }
    /// Writes a changed row and all that follows from it; `Stale` if someone was faster. Of a PATCH that changes nothing it
    /// writes nothing: no version, no fact, no audit line; the row as it was read is the answer. A list that is said anew is a
    /// change.
    pub async fn save<T: Store>(&mut self, change: Change<T>) -> Result<T> {
        if self.patches && change.question.is_none() {
            let id = change.after.id();
            let before = self.before.get(&id.into()).cloned().map(versionless);
            if before == Some(versionless(serde_json::to_value(&change.after)?)) {
                return self.load(id).await;
            }
        }
        if change.after.update(self.conn()).await? == 0 {
            return Err(ApiError::Stale { current: "unknown".into() });
        }
        self.note(change).await
    }
    /// Tells waiting messages that a replica row has come: `kind:id`.
    pub fn landed(&mut self, kind: &str, id: impl std::fmt::Display) {
        self.record.landed.push(format!("{kind}:{id}"));
    }
    pub(crate) fn keep_answer(
        &mut self,
        slot: &Slot,
        status: i16,
        etag: Option<String>,
        location: Option<String>,
        body: String,
    ) {
        self.record.slot = Some(slot.id);
        self.record.fingerprint.clone_from(&slot.fingerprint);
        self.record.answer_status = status;
        self.record.etag = etag;
        self.record.location = location;
        self.record.body = body;
    }

    async fn note<T: Store>(&mut self, change: Change<T>) -> Result<T> {
        let Change { after, action, reason, facts, question } = change;
        let subject: Uuid = after.id().into();
        for fact in facts {
            self.tell(fact, subject, after.ordering_key(), after.case_id(), after.ownership().unwrap_or_default())?;
        }
        let value = serde_json::to_value(&after)?;
        let before = self.before.get(&subject);
        let changes = difference(before, &value);
        self.record.register(&self.clock, &self.cause.stamp, &after, self.drawn.entries(before, &value));
        self.before.insert(subject, value);
        let about = (T::KIND, subject, after.version());
        self.record.line(&self.cause, about, action, after.status(), changes.to_string());
        self.record.audit_reasons.push(reason);
        self.record.audit_cases.push(after.case_id().map(Into::into));
        if let Some(question) = question {
            let (service, case, ownership) = (self.cause.service, after.case_id(), after.ownership());
            let about = approvals::Subject { service, entity: T::KIND, id: subject, case, ownership };
            Box::pin(approvals::follow(self, about, question)).await?;
        }
        Ok(after)
    }
    /// An audit line about a thing of the platform itself, which has no `Change`.
    pub(crate) fn note_platform(&mut self, entity: &str, id: Uuid, action: &str, status: &str, reason: Option<&str>) {
        self.record.line(&self.cause, (entity, id, 1), action, status, "{}".to_owned());
        self.record.audit_reasons.push(reason.map(str::to_owned));
        self.record.audit_cases.push(None);
    }
    fn tell(&mut self, fact: Fact, subject: Uuid, key: Uuid, case: Option<CaseId>, owner: Ownership) -> Result<()> {
        let id = self.clock.id();
        let envelope = CloudEvent {
            specversion: "1.0".into(),
            id: EventId(id),
            source: format!("/{}", self.cause.service),
            kind: fact.kind.to_owned(),
            subject,
            time: self.cause.stamp.at,
            datacontenttype: "application/json".into(),
            partitionkey: key,
            actor: self.cause.stamp.actor.clone(),
            caseid: case,
            causeid: self.cause.event,
            ownerid: owner.owner_id,
            teamid: owner.team_id,
            departmentid: owner.department_id,
            traceparent: Some(self.cause.traceparent.clone()),
            data: fact.data,
        };
        let r = &mut self.record;
        r.fact_ats.push(self.cause.stamp.at);
        r.fact_ids.push(id);
        r.fact_kinds.push(fact.kind.to_owned());
        r.fact_subjects.push(subject);
        r.fact_keys.push(key);
        r.fact_shards.push(i16::from(shard(key)));
        r.fact_cases.push(case.map(Into::into));
        r.fact_envelopes.push(serde_json::to_string(&envelope)?);
        Ok(())
    }
    /// Ends it and wakes whoever has work from it: the relay, the inbox.
    pub(crate) async fn finish<T>(self, app: &App, outcome: Result<T>) -> Result<T> {
        let told = !self.record.fact_ids.is_empty();
        let (value, woken) = self.end(outcome).await?;
        if told {
            app.wake_relay();
        }
        if woken > 0 {
            app.drain.notify_one();
        }
        Ok(value)
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        drop(Discard(self.conn.take()));
    }
}

/// The shard of an ordering key: first 8 bytes of its SHA-256 modulo 4 (ruling 25).
#[must_use]
pub fn shard(key: Uuid) -> u8 {
    let digest = Sha256::digest(key.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u8::try_from(u64::from_be_bytes(first) % u64::from(crate::bus::SHARDS)).unwrap_or(0)
}

/// A twin with the same key committed first: nothing of ours happened, ask again and get its answer.
fn twin(error: diesel::result::Error) -> ApiError {
    use diesel::result::{DatabaseErrorKind, Error};
    match &error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info)
            if info.constraint_name() == Some("idempotency_pkey") =>
        {
            in_flight()
        }
        _ => error.into(),
    }
}
