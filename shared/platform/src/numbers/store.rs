//! The SQL of numbering rules.
use super::domain::{Known, NumberRule};
use crate::{
    Conn, Steady, Store,
    schema::{number_rule_versions, number_rules},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::numbering::{NumberingId, NumberingVersion};

impl Store for NumberRule {
    async fn lock(conn: &mut Conn, id: NumberingId) -> QueryResult<Option<Self>> {
        let found = number_rules::table.filter(number_rules::id.eq(Uuid::from(id)));
        found.select(Self::as_select()).for_update().first(conn).await.optional()
    }
    /// Rules come with the migrations of their kind.
    async fn insert(&self, _: &mut Conn) -> QueryResult<()> {
        Err(diesel::result::Error::RollbackTransaction)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            number_rules::table.filter(number_rules::id.eq(self.id)).filter(number_rules::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// All rules, by kind.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<NumberRule>> {
    number_rules::table.order(number_rules::kind).select(NumberRule::as_select()).load(conn).await
}

pub async fn find(conn: &mut Conn, id: NumberingId) -> QueryResult<Option<NumberRule>> {
    let found = number_rules::table.filter(number_rules::id.eq(Uuid::from(id)));
    found.select(NumberRule::as_select()).first(conn).await.optional()
}

type Row = (
    String,
    i32,
    String,
    bool,
    i32,
    wire::numbering::NumberingReset,
    wire::numbering::NumberingDate,
    Option<wire::Day>,
    String,
    wire::Moment,
    Option<String>,
);

/// Every rule of these kinds that there was, is or will be, with its kind; the first of each kind first.
pub async fn versions(conn: &mut Conn, kinds: &[&str]) -> QueryResult<Vec<(String, NumberingVersion)>> {
    use number_rule_versions as v;
    let rows: Vec<Row> = v::table
        .filter(v::kind.eq_any(kinds))
        .order((v::kind, v::version))
        .select((
            v::kind,
            v::version,
            v::prefix,
            v::gapless,
            v::width,
            v::reset,
            v::date_part,
            v::effective_from,
            v::changed_by,
            v::changed_at,
            v::reason,
        ))
        .load(conn)
        .await?;
    let one = |row: Row| {
        let (kind, version, prefix, gapless, width, reset, date_part, effective_from, changed_by, changed_at, reason) =
            row;
        let shown = NumberingVersion {
            version,
            prefix,
            gapless,
            width,
            reset,
            date_part,
            effective_from,
            changed_by,
            changed_at,
            reason,
        };
        (kind, shown)
    };
    Ok(rows.into_iter().map(one).collect())
}

/// What a change of this kind's rule must respect.
pub async fn known(conn: &mut Conn, kind: &str) -> QueryResult<Known> {
    use number_rule_versions as v;
    let prefixes = v::table.select((v::kind, v::prefix)).distinct().load(conn).await?;
    let first = v::table.filter(v::kind.eq(kind)).order(v::version).select(v::gapless).first(conn).await;
    Ok(Known { prefixes, gapless_by_law: first.optional()?.unwrap_or(false) })
}
