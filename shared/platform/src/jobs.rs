//! Work that time starts: each job runs in one transaction, on one copy of the service at a time.
use crate::{
    Result, Service, Stamp, Tx,
    app::App,
    attachments::Files,
    handover::Handovers,
    inbox::Handle,
    measures,
    telemetry::Trace,
    tx::{Access, Cause},
};
use diesel::{prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;
use futures_util::{FutureExt, future::BoxFuture};
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use wire::{Moment, Ownership};

type Run = Box<dyn for<'a> Fn(&'a mut Tx, Moment) -> BoxFuture<'a, Result<()>> + Send + Sync>;

/// A service's jobs.
#[derive(Default)]
pub struct Jobs(pub(crate) Vec<Job>);

/// One of them.
pub(crate) struct Job {
    pub name: &'static str,
    pub every: Duration,
    run: Run,
}

impl Jobs {
    /// `f` gets the transaction and now.
    pub fn every(
        &mut self,
        every: Duration,
        name: &'static str,
        f: impl for<'a> Handle<'a, Moment> + Send + Sync + 'static,
    ) -> &mut Self {
        self.0.push(Job { name, every, run: Box::new(move |tx, now| Box::pin(f(tx, now))) });
        self
    }
}

#[derive(QueryableByName)]
struct Free {
    #[diesel(sql_type = Bool)]
    free: bool,
}

impl App {
    /// Runs a job once, unless another copy is at it; has it more to do?
    pub(crate) async fn run_job(self: &Arc<Self>, job: &Job) -> Result<bool> {
        let trace = Trace::of("", &self.clock);
        let now = self.clock.now();
        let cause = Cause {
            service: self.name,
            stamp: Stamp { at: now, actor: format!("job:{}", job.name), ownership: Ownership::default() },
            trace_id: trace.id.clone(),
            traceparent: trace.parent(),
            event: None,
            case: None,
        };
        let (mut tx, ()) = Tx::begin(&self.writers, &self.clock, cause, Access::WHOLE, &()).await?;
        let lock = diesel::sql_query("SELECT pg_try_advisory_xact_lock(hashtext($1)) AS free")
            .bind::<diesel::sql_types::Text, _>(format!("job:{}:{}", self.name, job.name));
        let outcome = match lock.get_result::<Free>(tx.conn()).await {
            Ok(Free { free: true }) => match AssertUnwindSafe((job.run)(&mut tx, now)).catch_unwind().await {
                Ok(outcome) => outcome,
                Err(_) => Err(crate::ApiError::internal(format!("job {} panicked", job.name))),
            },
            // Another copy is at it, and will say how it went.
            Ok(Free { free: false }) => return tx.finish(self, Ok(false)).await,
            Err(error) => Err(error.into()),
        };
        let again = tx.again;
        let done = tx.finish(self, outcome.map(|()| again)).await?;
        measures::job_succeeded(self.name, job.name, &self.clock);
        Ok(done)
    }
}

/// The platform's own jobs, the same in every service.
pub(crate) fn housekeeping(jobs: &mut Jobs, files: &Files, service: &Service) {
    jobs.every(Duration::from_mins(1), "seal-audit", crate::audit::seal);
    crate::retention::jobs(jobs);
    crate::approvals::jobs(jobs);
    let mut handovers = Handovers::default();
    (service.handovers)(&mut handovers);
    let handovers = Arc::new(handovers);
    let run: Run = Box::new(move |tx, now| {
        let handovers = handovers.clone();
        Box::pin(async move { handovers.go_on(tx, now).await })
    });
    jobs.0.push(Job { name: "hand-work-over", every: Duration::from_secs(10), run });
    let files = files.clone();
    let run: Run = Box::new(move |tx, now| {
        let files = files.clone();
        Box::pin(async move { crate::attachments::sweep(tx, now, &files).await })
    });
    jobs.0.push(Job { name: "sweep-files", every: Duration::from_hours(1), run });
}
