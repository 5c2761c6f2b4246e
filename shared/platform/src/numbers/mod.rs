//! Numbers people read (PLT-05): `QT-2026-000123`. The rule of a kind is a row; gapless kinds lock a counter, all others
//! draw from a sequence, so that creators never queue (ruling 10). A changed rule goes on where the one before has stopped.
mod domain;
mod http;
mod store;

use crate::{Result, Tx};
use diesel::sql_types::{Date, Text};
use diesel_async::RunQueryDsl;
use wire::{Day, Moment};

pub(crate) use http::routes;

diesel::define_sql_function! { fn next_number(kind: Text, day: Date) -> Text; }

impl Tx {
    /// The next number of a kind, by the rule of the day in China: `QT-2026-000123`. `kind` is the entity's own: the document
    /// that is written with the number stands in the register.
    pub async fn next_number(&self, kind: &str) -> Result<String> {
        let mut conn = self.shared();
        let drawing = diesel::select(next_number(kind, business_day(self.stamp().at)));
        let number: String = drawing.get_result(&mut conn).await?;
        self.drawn.push(kind, &number);
        Ok(number)
    }
}

/// The day in China: rules change and series begin with it.
fn business_day(at: Moment) -> Day {
    let zone = crate::calendar::Calendar::china().zone().clone();
    Day(at.timestamp().to_zoned(zone).date())
}
