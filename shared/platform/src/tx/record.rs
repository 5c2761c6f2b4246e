//! What a transaction leaves besides its rows: outbox, audit, register, the stored answer, the waking of waiting messages.
//! Gathered while the command runs, written by ONE statement that travels together with COMMIT (ruling 20).
use super::Cause;
use crate::{Entity, Stamp, clock::Clock, teeth::planted};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Bytea, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use serde_json::Value;
use uuid::Uuid;
use wire::{Moment, numbering::RegisterStatus};

/// Columns, because `unnest` takes arrays. Row i of each belongs together.
#[derive(Debug, Default, Clone)]
pub(crate) struct Record {
    /// The transaction's stamp.
    pub at: Option<Moment>,
    pub fact_ats: Vec<Moment>,
    pub fact_ids: Vec<Uuid>,
    pub fact_kinds: Vec<String>,
    pub fact_subjects: Vec<Uuid>,
    pub fact_keys: Vec<Uuid>,
    pub fact_shards: Vec<i16>,
    pub fact_cases: Vec<Option<Uuid>>,
    pub fact_envelopes: Vec<String>,
    pub audit_ats: Vec<Moment>,
    pub audit_actions: Vec<String>,
    pub audit_entities: Vec<String>,
    pub audit_ids: Vec<Uuid>,
    pub audit_versions: Vec<i32>,
    pub audit_statuses: Vec<String>,
    pub audit_changes: Vec<String>,
    pub audit_reasons: Vec<Option<String>>,
    pub audit_cases: Vec<Option<Uuid>>,
    pub audit_actors: Vec<String>,
    pub audit_causes: Vec<Option<Uuid>>,
    pub audit_traces: Vec<String>,
    pub register_ats: Vec<Moment>,
    pub register_ids: Vec<Uuid>,
    pub register_actors: Vec<String>,
    pub register_kinds: Vec<String>,
    pub register_numbers: Vec<String>,
    pub register_statuses: Vec<String>,
    pub register_entities: Vec<Uuid>,
    pub register_cases: Vec<Option<Uuid>>,
    pub register_owners: Vec<Option<String>>,
    pub register_teams: Vec<Option<String>>,
    pub register_departments: Vec<Option<String>>,
    pub landed: Vec<String>,
    /// The answer to keep; all columns or none.
    pub slot: Option<Uuid>,
    pub fingerprint: Vec<u8>,
    pub answer_status: i16,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: String,
}

impl Record {
    /// What the register of documents has to know of a document, and who is behind it.
    pub fn register<T: Entity>(
        &mut self,
        clock: &Clock,
        by: &Stamp,
        document: &T,
        entries: Vec<(String, RegisterStatus)>,
    ) {
        for (number, status) in entries {
            let owner = document.ownership().unwrap_or_default();
            self.register_ids.push(clock.id());
            self.register_ats.push(by.at);
            self.register_actors.push(by.actor.clone());
            self.register_kinds.push(T::KIND.to_owned());
            self.register_numbers.push(number);
            self.register_statuses.push(status.as_str().to_owned());
            self.register_entities.push(document.id().into());
            self.register_cases.push(document.case_id().map(Into::into));
            self.register_owners.push(owner.owner_id);
            self.register_teams.push(owner.team_id);
            self.register_departments.push(owner.department_id);
        }
    }
    /// The beginning of an audit line: who, why, what, and about which version of what. Its reason and its case follow.
    pub fn line(&mut self, by: &Cause, about: (&str, Uuid, i32), action: &str, status: &str, changes: String) {
        let (entity, id, version) = about;
        self.audit_ats.push(by.stamp.at);
        self.audit_actors.push(by.stamp.actor.clone());
        self.audit_causes.push(by.event.map(Into::into));
        self.audit_traces.push(by.trace_id.clone());
        self.audit_actions.push(action.to_owned());
        self.audit_entities.push(entity.to_owned());
        self.audit_ids.push(id);
        self.audit_versions.push(version);
        self.audit_statuses.push(status.to_owned());
        self.audit_changes.push(changes);
    }
    /// What a planted bug writes after COMMIT instead of with it: facts, audit lines or the answer to the key.
    pub fn planted_late(&mut self) -> Option<Self> {
        let (facts, lines, answer) = (planted("B08"), planted("B27"), planted("B19"));
        if !(facts || lines || answer) {
            return None;
        }
        let mut late = self.clone();
        for (part, is_late) in [(&mut *self, false), (&mut late, true)] {
            let [facts_kept, lines_kept, entries, landed] = part.length();
            let keep = |length: usize, moved: bool| if moved == is_late { length } else { 0 };
            let rest = if is_late { [0, 0] } else { [entries, landed] };
            part.truncate([keep(facts_kept, facts), keep(lines_kept, lines), rest[0], rest[1]]);
            if answer != is_late {
                part.slot = None;
            }
        }
        Some(late)
    }
    /// Nothing to write?
    pub fn is_empty(&self) -> bool {
        self.fact_ids.is_empty() && self.audit_ids.is_empty() && self.slot.is_none()
    }
    /// How much there is: facts, audit lines, entries of the register, landed rows.
    pub fn length(&self) -> [usize; 4] {
        [self.fact_ids.len(), self.audit_ids.len(), self.register_ids.len(), self.landed.len()]
    }
    /// Forgets what came after `length`.
    pub fn truncate(&mut self, [facts, audits, entries, landed]: [usize; 4]) {
        self.fact_ats.truncate(facts);
        self.fact_ids.truncate(facts);
        self.fact_kinds.truncate(facts);
        self.fact_subjects.truncate(facts);
        self.fact_keys.truncate(facts);
        self.fact_shards.truncate(facts);
        self.fact_cases.truncate(facts);
        self.fact_envelopes.truncate(facts);
        self.audit_ats.truncate(audits);
        self.audit_actions.truncate(audits);
        self.audit_entities.truncate(audits);
        self.audit_ids.truncate(audits);
        self.audit_versions.truncate(audits);
        self.audit_statuses.truncate(audits);
        self.audit_changes.truncate(audits);
        self.audit_reasons.truncate(audits);
        self.audit_cases.truncate(audits);
        self.audit_actors.truncate(audits);
        self.audit_causes.truncate(audits);
        self.audit_traces.truncate(audits);
        self.register_ats.truncate(entries);
        self.register_ids.truncate(entries);
        self.register_actors.truncate(entries);
        self.register_kinds.truncate(entries);
        self.register_numbers.truncate(entries);
        self.register_statuses.truncate(entries);
        self.register_entities.truncate(entries);
        self.register_cases.truncate(entries);
        self.register_owners.truncate(entries);
        self.register_teams.truncate(entries);
        self.register_departments.truncate(entries);
        self.landed.truncate(landed);
    }
}

/// The statement: its text never changes, so that each connection prepares it once.
pub(crate) struct Flush<'a>(pub &'a Record);

impl QueryId for Flush<'_> {
    type QueryId = Flush<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for Flush<'_> {
    type SqlType = BigInt;
}
impl<Conn> RunQueryDsl<Conn> for Flush<'_> {}

impl QueryFragment<Pg> for Flush<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let r = self.0;
        out.push_sql("WITH told AS (INSERT INTO outbox (id, kind, subject, partition_key, shard, case_id, envelope, at) SELECT f.* FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&r.fact_ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.fact_kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&r.fact_subjects)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&r.fact_keys)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&r.fact_shards)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&r.fact_cases)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.fact_envelopes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&r.fact_ats)?;
        out.push_sql(") AS f), noted AS (INSERT INTO audit_log (at, action, entity, entity_id, version, status, changes, reason, case_id, actor, cause_id, trace_id) SELECT a.* FROM unnest(");
        out.push_bind_param::<Array<Timestamptz>, _>(&r.audit_ats)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.audit_actions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.audit_entities)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&r.audit_ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&r.audit_versions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.audit_statuses)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.audit_changes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&r.audit_reasons)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&r.audit_cases)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.audit_actors)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&r.audit_causes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&r.audit_traces)?;
        register(r, &mut out)?;
        out.push_sql(") AS d), woken AS (UPDATE inbox SET next_attempt_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&r.at)?;
        out.push_sql(" WHERE status = 'waiting' AND waiting_for = ANY (");
        out.push_bind_param::<Array<Text>, _>(&r.landed)?;
        out.push_sql(") RETURNING 1), kept AS (INSERT INTO idempotency (slot, fingerprint, status, etag, location, body, at) SELECT k.* FROM (SELECT ");
        out.push_bind_param::<Nullable<SqlUuid>, _>(&r.slot)?;
        out.push_sql(", ");
        out.push_bind_param::<Bytea, _>(&r.fingerprint)?;
        out.push_sql(", ");
        out.push_bind_param::<SmallInt, _>(&r.answer_status)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&r.etag)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&r.location)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&r.body)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&r.at)?;
        out.push_sql(") AS k (slot, fingerprint, status, etag, location, body, at) WHERE k.slot IS NOT NULL) SELECT count(*) FROM woken");
        Ok(())
    }
}

/// The part about the register of documents.
fn register<'b>(r: &'b Record, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql(") AS a), registered AS (INSERT INTO document_register (registered_at, registered_by, id, kind, number, status, entity_id, case_id, owner_id, team_id, department_id) SELECT d.* FROM unnest(");
    out.push_bind_param::<Array<Timestamptz>, _>(&r.register_ats)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Text>, _>(&r.register_actors)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<SqlUuid>, _>(&r.register_ids)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Text>, _>(&r.register_kinds)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Text>, _>(&r.register_numbers)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Text>, _>(&r.register_statuses)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<SqlUuid>, _>(&r.register_entities)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&r.register_cases)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Nullable<Text>>, _>(&r.register_owners)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Nullable<Text>>, _>(&r.register_teams)?;
    out.push_sql(", ");
    out.push_bind_param::<Array<Nullable<Text>>, _>(&r.register_departments)?;
    Ok(())
}

/// What changed, field by field, as `{"field": [before, after]}`; for a new row, all of it.
pub(super) fn difference(before: Option<&Value>, after: &Value) -> Value {
    let (Some(Value::Object(before)), Value::Object(after)) = (before, after) else {
        return after.clone();
    };
    after
        .iter()
        .filter(|(field, value)| before.get(*field) != Some(value))
        .map(|(field, value)| {
            (field.clone(), Value::Array(vec![before.get(field).cloned().unwrap_or(Value::Null), value.clone()]))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}
