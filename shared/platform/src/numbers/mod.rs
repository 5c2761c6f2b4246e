//! Numbers people read (PLT-05): `QT-2026-000123`. The rule of a kind is a row; gapless kinds lock a counter, all others
//! draw from a sequence, so that creators never queue (ruling 10). A changed rule goes on where the one before has stopped.
mod domain;
mod http;
mod store;

use crate::{Result, Tx};
use diesel::sql_types::{Date, Text};
use diesel_async::RunQueryDsl;

pub(crate) use http::routes;

diesel::define_sql_function! { fn next_number(kind: Text, day: Date) -> Text; }

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
}
