//! What a transaction asks first, in one breath with BEGIN. Refuses statements that a connection has not prepared when it was
//! opened (`db::open`): they would have to be prepared before, and be overtaken by what is sent after them.
use super::{Claim, Claimed, Slot};
use crate::Conn;
use diesel::QueryResult;
use diesel_async::RunQueryDsl;

pub(crate) trait Opening: Sync {
    /// What begins it.
    const BEGIN: &'static str = "BEGIN";
    type Found;
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
