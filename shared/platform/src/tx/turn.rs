//! One at a time, where no row exists yet that could be locked. Refuses to hold on: the turn ends with the transaction.
use crate::{Result, Tx};
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;

diesel::define_sql_function! { fn pg_advisory_xact_lock(key: BigInt); }
diesel::define_sql_function! { fn hashtextextended(text: Text, seed: BigInt) -> BigInt; }

impl Tx {
    /// Until this transaction has ended, nobody else of this service passes here with this name: of two who would be first,
    /// one is, and the second sees what the first has done.
    pub async fn one_at_a_time(&mut self, name: &str) -> Result<()> {
        // Advisory locks are the whole database's, names are the service's.
        let key = hashtextextended(format!("{} {name}", self.service()), 0_i64);
        diesel::select(pg_advisory_xact_lock(key)).execute(self.conn()).await?;
        Ok(())
    }
}
