//! Numbers people read (PLT-05): `QT-2026-000123`. The rule of a kind is a row; gapless kinds lock a counter, all others
//! draw from a sequence, so that creators never queue (ruling 10). A changed rule goes on where the one before has stopped.
mod domain;
mod http;
mod store;

use crate::{ApiError, Result, Tx};
use diesel::{
    QueryableByName,
    sql_types::{Date, Integer, Text},
};
use diesel_async::RunQueryDsl;

pub(crate) use http::routes;

diesel::define_sql_function! { fn next_number(kind: Text, day: Date) -> Text; }

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Text)]
    number: String,
}

impl Tx {
    /// The next number of a kind, by the rule of the day in China: `QT-2026-000123`. The document that takes
    /// it, in its field `number`, stands in the register; a transaction that ends with a number nobody took is refused.
    pub async fn next_number(&self, kind: &str) -> Result<String> {
        let mut conn = self.shared();
        let drawing = diesel::select(next_number(kind, self.stamp().today()));
        let number: String = drawing.get_result(&mut conn).await?;
        self.drawn.push(&number);
        Ok(number)
    }
    /// The same for `count` documents that are made together, in one statement.
    pub async fn next_numbers(&self, kind: &str, count: usize) -> Result<Vec<String>> {
        let mut conn = self.shared();
        let drawing = diesel::sql_query("SELECT next_number($1, $2) AS number FROM generate_series(1, $3)")
            .bind::<Text, _>(kind)
            .bind::<Date, _>(self.stamp().today())
            .bind::<Integer, _>(i32::try_from(count).map_err(ApiError::internal)?);
        let numbers: Vec<Number> = drawing.load(&mut conn).await?;
        Ok(numbers.into_iter().map(|drawn| drawn.number).inspect(|number| self.drawn.push(number)).collect())
    }
}
