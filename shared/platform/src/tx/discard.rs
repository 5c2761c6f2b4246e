//! A connection with an open transaction, which must not go back to the pool by accident. Refuses to commit: [`Tx`](super::Tx) does.
use crate::Conn;
use diesel_async::{SimpleAsyncConnection, pooled_connection::deadpool::Object};

/// A connection whose transaction is open: unless kept, it does not go back to the pool.
pub(super) struct Discard(pub Option<Object<Conn>>);
impl Discard {
    pub fn conn(&self) -> &Conn {
        self.0.as_ref().expect("taken only by keep or drop")
    }
    pub fn keep(&mut self) {
        self.0.take();
    }
    /// Rolls back; the connection is kept if that worked.
    pub async fn undo(&mut self) {
        let mut conn = self.conn();
        if conn.batch_execute("ROLLBACK").await.is_ok() {
            self.keep();
        }
    }
}
impl Drop for Discard {
    fn drop(&mut self) {
        if let Some(conn) = self.0.take() {
            drop(Object::take(conn));
        }
    }
}
