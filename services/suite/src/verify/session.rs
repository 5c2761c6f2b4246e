//! The one connection of a verification: role `yewu_verify`, one snapshot, nothing written. Knows SQL, no business.
use super::{Check, Invariant, Query, messages};
use anyhow::Context;
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use platform::{Conn, Settings};
use std::time::Duration;
use uuid::Uuid;

/// The role that may read every schema and write none (ruling 12).
const ROLE: &str = "yewu_verify";
/// Violations that a report names; the rest are counted.
pub(super) const EXAMPLES: usize = 5;

/// What came of one lookup.
#[derive(Debug, Default, Clone, PartialEq, Eq, QueryableByName)]
pub(crate) struct Found {
    /// Looked at.
    #[diesel(sql_type = BigInt)]
    pub rows: i64,
    #[diesel(sql_type = BigInt)]
    pub violations: i64,
    /// The first of them, at most `EXAMPLES`.
    #[diesel(sql_type = Array<Text>)]
    pub examples: Vec<String>,
}

impl Found {
    /// Adds what was found elsewhere; `place` says where.
    pub fn add(&mut self, place: &str, other: Self) {
        self.rows += other.rows;
        self.violations += other.violations;
        self.examples.extend(other.examples.into_iter().map(|example| format!("{place}: {example}")));
        self.examples.truncate(EXAMPLES);
    }
    /// One more violation.
    pub fn violation(&mut self, example: String) {
        self.violations += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example);
        }
    }
}

/// See the module.
pub(crate) struct Session {
    conn: Conn,
    in_flight: Vec<Uuid>,
    pub grace: Duration,
}

impl Session {
    /// Takes the snapshot, and finds out what is on its way in it.
    pub async fn open(settings: &Settings, grace: Duration) -> anyhow::Result<Self> {
        let url = settings.database_url(ROLE, &[platform::db::READ_ONLY])?;
        let hint = || format!("cannot read the database as {ROLE}; is Postgres up, and has `yewu migrate` been run?");
        let mut conn = Conn::establish(&url).await.with_context(hint)?;
        conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let mut session = Self { conn, in_flight: Vec::new(), grace };
        session.in_flight = messages::in_flight(&mut session).await.with_context(hint)?;
        Ok(session)
    }

    /// Ends the snapshot in order; a connection that breaks off in a transaction is a line in the database's log each time.
    pub async fn close(mut self) -> anyhow::Result<()> {
        Ok(self.conn.batch_execute("COMMIT").await?)
    }

    /// One invariant's rows and violations.
    pub async fn check(&mut self, invariant: &Invariant) -> anyhow::Result<Found> {
        let found = match &invariant.check {
            Check::Suite(query) => self.find(query.rows, query.violations).await,
            Check::EachService(query) => self.find_in_each(*query).await,
            Check::Code(code) => code(self).await,
        };
        found.with_context(|| format!("looking up {}", invariant.id))
    }

    async fn find_in_each(&mut self, query: Query) -> anyhow::Result<Found> {
        let mut all = Found::default();
        for service in crate::ALL {
            self.enter(service.name).await?;
            all.add(service.name, self.find(query.rows, query.violations).await?);
        }
        Ok(all)
    }

    /// From here on, tables without a schema are this service's.
    pub async fn enter(&mut self, service: &str) -> anyhow::Result<()> {
        Ok(self.conn.batch_execute(&format!("SET LOCAL search_path = {service}")).await?)
    }

    /// Asks both questions in one statement.
    pub async fn find(&mut self, rows: &str, violations: &str) -> anyhow::Result<Found> {
        let statement = format!(
            "WITH in_flight (subject) AS (SELECT unnest($1)), violation (named) AS MATERIALIZED ({violations}) \
             SELECT ({rows})::bigint AS rows, (SELECT count(*) FROM violation) AS violations, \
             coalesce((SELECT array_agg(named) FROM (SELECT named FROM violation ORDER BY named LIMIT {EXAMPLES}) AS first), '{{}}') AS examples"
        );
        let query = diesel::sql_query(statement).bind::<Array<SqlUuid>, _>(&self.in_flight);
        Ok(query.get_result(&mut self.conn).await?)
    }

    /// For checks in code.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
