//! What a transaction asks first, in one breath with BEGIN, which goes out first. A connection has prepared these statements when
//! it was opened (`db::open`), or the first of each would cost a round trip more. Refuses to decide what follows from the answer.
use super::{Claim, Claimed, Slot};
use crate::Conn;
use diesel::QueryResult;
use diesel_async::RunQueryDsl;

/// The first question of a transaction.
pub(crate) trait Opening: Sync {
    /// What begins it.
    const BEGIN: &'static str = "BEGIN";
    /// The answer.
    type Found;
    /// Asks, behind BEGIN.
    fn look(&self, conn: &Conn) -> impl Future<Output = QueryResult<Self::Found>> + Send;
}

/// Nothing is asked.
impl Opening for () {
    type Found = ();
    async fn look(&self, _: &Conn) -> QueryResult<()> {
        Ok(())
    }
}

/// Is this key busy, and was it answered before?
impl Opening for Slot {
    type Found = Claimed;
    async fn look(&self, mut conn: &Conn) -> QueryResult<Claimed> {
        Claim::of(self).get_result(&mut conn).await
    }
}
