//! The first statement of a keyed command: is this key busy, and was it answered before? Travels together with BEGIN.
//! Lock and look-up share one snapshot, so a twin that commits in between is not seen; the primary key of `idempotency`
//! then refuses the second answer and with it the second effect (the whole transaction rolls back).
use crate::ApiError;
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{BigInt, Bool, Bytea, Nullable, SmallInt, Text, Uuid as SqlUuid},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Key and fingerprint of a command (ruling 19).
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub id: Uuid,
    pub fingerprint: Vec<u8>,
}

impl Slot {
    /// `scope` = caller and route template; `request` = canonical body, path and query.
    pub fn new(scope: &str, key: &str, request: &[u8]) -> Self {
        let digest = Sha256::digest(format!("{scope}\u{0}{key}"));
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self { id: Uuid::from_bytes(id), fingerprint: Sha256::digest(request).to_vec() }
    }
    fn lock(&self) -> i64 {
        // The high half: uniformly spread, like all of it.
        self.id.as_u64_pair().0.cast_signed()
    }
}

/// `(free, fingerprint, status, etag, location, body)`; the last five are null where the key is new.
pub(crate) type Claimed = (bool, Option<Vec<u8>>, Option<i16>, Option<String>, Option<String>, Option<String>);

#[derive(QueryId)]
pub(crate) struct Claim {
    lock: i64,
    id: Uuid,
}
impl Claim {
    pub fn of(slot: &Slot) -> Self {
        Self { lock: slot.lock(), id: slot.id }
    }
}
impl Query for Claim {
    type SqlType = (Bool, Nullable<Bytea>, Nullable<SmallInt>, Nullable<Text>, Nullable<Text>, Nullable<Text>);
}
impl<Conn> RunQueryDsl<Conn> for Claim {}
impl QueryFragment<Pg> for Claim {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT l.free, i.fingerprint, i.status, i.etag, i.location, i.body FROM (SELECT pg_try_advisory_xact_lock(");
        out.push_bind_param::<BigInt, _>(&self.lock)?;
        out.push_sql(") AS free) AS l LEFT JOIN idempotency AS i ON i.slot = ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        Ok(())
    }
}

/// A twin with the same key is being worked on.
pub(crate) fn in_flight() -> ApiError {
    ApiError::Busy {
        status: 409,
        code: "idempotency.in_flight",
        message: "a request with this Idempotency-Key is being worked on; ask again in a second",
        chinese: "使用相同 Idempotency-Key 的请求正在处理，请稍后重试",
    }
}
