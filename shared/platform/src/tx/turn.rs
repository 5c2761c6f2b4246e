//! One at a time, where no row exists yet that could be locked. Refuses to hold on: the turn ends with the transaction.
use crate::{Result, Tx};
use diesel::sql_types::{Array, BigInt, Text};
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
    /// The same for many names in one statement, always in the same order, so that two who want many do not wait for each other.
    pub async fn one_at_a_time_each(&mut self, names: impl IntoIterator<Item = String>) -> Result<()> {
        let service = self.service();
        let mut names: Vec<String> = names.into_iter().map(|name| format!("{service} {name}")).collect();
        names.sort_unstable();
        names.dedup();
        let turns = "SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0))) FROM unnest($1) name";
        diesel::sql_query(turns).bind::<Array<Text>, _>(names).execute(self.conn()).await?;
        Ok(())
    }
}
