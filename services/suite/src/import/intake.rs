//! What all imports share: rows are put in one by one over REST as the role `integration`, a bar shows how far it is, and a row
//! that is refused is told with its line while the rest goes on. Knows no data set.
use super::rows::{Bad, Row, Tally};
use crate::{
    demo::Progress,
    rest::{Caller, Refused, Rest},
};
use platform::auth::Role;
use serde_json::Value;

/// Why a row was not taken: by itself, or because the suite cannot be reached.
pub(super) enum Failure {
    Row(String),
    Suite(anyhow::Error),
}
impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Row(reason)
    }
}
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast_ref::<Refused>() {
            Some(refused) if refused.status.is_client_error() => {
                Self::Row(format!("{}: {}", refused.code, refused.detail))
            }
            _ => Self::Suite(error),
        }
    }
}
/// Was it new?
pub(super) type Taken = Result<bool, Failure>;

/// Who puts rows in.
pub(super) struct Intake<'a> {
    pub rest: &'a Rest,
    pub integration: Caller<'a>,
    progress: Progress,
}

impl<'a> Intake<'a> {
    /// `rows` is how many there are in all, for the bar.
    pub fn new(rest: &'a Rest, rows: usize) -> Self {
        Self { rest, integration: rest.person(Role::Integration), progress: Progress::new(rows) }
    }
    /// Takes each row that could be read; `what` is the file's name, or what is made of its rows.
    pub async fn each(
        &self,
        what: &'static str,
        rows: &[Result<Row, Bad>],
        mut take: impl AsyncFnMut(&Row) -> Taken,
    ) -> anyhow::Result<Tally> {
        let mut tally = Tally::of(what);
        for row in rows {
            match row {
                Ok(row) => self.one(&mut tally, row.line, async || take(row).await).await?,
                Err(bad) => {
                    self.progress.step(what);
                    tally.bad.push(bad.clone());
                }
            }
        }
        Ok(tally)
    }
    /// Takes what stands in one line, and counts what came of it.
    pub async fn one(&self, tally: &mut Tally, line: u64, take: impl AsyncFnOnce() -> Taken) -> anyhow::Result<()> {
        self.progress.step(tally.file.clone());
        match take().await {
            Ok(true) => tally.new += 1,
            Ok(false) => tally.known += 1,
            Err(Failure::Row(reason)) => tally.bad.push(Bad { line, reason }),
            Err(Failure::Suite(error)) => return Err(error.context(format!("{} line {line}", tally.file))),
        }
        Ok(())
    }
    /// Puts what the other system knows; was it new, and how does it stand now?
    pub async fn put(&self, path: String, body: Value) -> Result<(bool, Value), Failure> {
        let answer = self.integration.put(&path, &body).await?;
        Ok((answer.status == reqwest::StatusCode::CREATED, answer.body))
    }
    pub fn done(&self) {
        self.progress.done();
    }
}
