//! A process that hosts any set of services: builds them, runs their background work, drains when told to stop.
use crate::{
    Conn, Result, Service, Settings, Verifier,
    app::App,
    bus::{Manifest, Receiver, Sender, memory::Memory, rabbit},
    clock::Clock,
    db,
    jobs::{self, Jobs},
    measures,
    outbox::{self, Relay},
    schema::heard,
    settings::{BusKind, Profile},
};
use anyhow::Context;
use diesel::prelude::*;
use diesel_async::{
    AsyncConnection, RunQueryDsl,
    pooled_connection::deadpool::{Object, PoolError},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet};

/// See the module.
pub struct Node {
    pub apps: Vec<Arc<App>>,
    pub clock: Clock,
    settings: Settings,
    manifest: Manifest,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Node {
    /// Builds the services; who else there is, the database says (`yewu migrate` wrote it).
    pub async fn build(settings: &Settings, services: &[Service]) -> anyhow::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let first = services.first().context("no service to run")?;
        let manifest = manifest(settings, first.name).await?;
        let missing: Vec<&str> = manifest
            .services
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !services.iter().any(|s| s.name == *name))
            .collect();
        anyhow::ensure!(
            settings.bus.kind == BusKind::Rabbit || missing.is_empty(),
            "bus.kind = \"memory\" needs all services in one process, but {} would be missing; run them all, or use RabbitMQ",
            missing.join(", ")
        );
        let clock = Clock::default();
        let production = settings.profile == Profile::Production;
        let verifier = Arc::new(Verifier::open(&settings.auth, production, clock.now().timestamp()).await?);
        let apps = services
            .iter()
            .map(|service| App::build(settings, *service, &clock, &verifier, &manifest))
            .collect::<anyhow::Result<Vec<_>>>()?;
        for app in &apps {
            let _opened = first_connection(app).await.with_context(|| {
                format!("service {} cannot use its schema; is Postgres up, and has `yewu migrate` been run?", app.name)
            })?;
        }
        Ok(Self {
            apps,
            clock,
            settings: settings.clone(),
            manifest,
            stop: watch::channel(false).0,
            tasks: JoinSet::new(),
        })
    }

    /// Opens the bus; with `background`, relays, consumers, inbox drains and jobs run until `stop`.
    pub fn start(&mut self, background: bool) -> anyhow::Result<()> {
        match self.settings.bus.kind {
            BusKind::Memory => {
                let memory = Memory::default();
                let ears =
                    self.apps.iter().map(|app| (app.service.hears(), Arc::new(app.clone()) as Arc<dyn Receiver>));
                memory.connect(ears.collect());
                for app in &self.apps {
                    let _ = app.sender.set(Sender::Memory(memory.clone()));
                }
            }
            BusKind::Rabbit => self.connect_rabbit()?,
        }
        if background {
            for app in self.apps.clone() {
                self.spawn_background(&app);
            }
        }
        Ok(())
    }

    fn connect_rabbit(&mut self) -> anyhow::Result<()> {
        for app in &self.apps {
            // Once here, so that a setting which is missing ends the start, not the hundredth attempt.
            self.settings.bus_url(app.name)?;
            let (settings, service) = (self.settings.clone(), app.name);
            let address = rabbit::Address::new(move || settings.bus_url(service));
            let publisher = rabbit::Publisher::start(address.clone(), app.name, self.stop.subscribe());
            let _ = app.sender.set(Sender::Rabbit(publisher));
            let receiver: Arc<dyn Receiver> = Arc::new(app.clone());
            let consuming = rabbit::consume(address, app.name, app.service.hears(), receiver, self.stop.subscribe());
            self.tasks.spawn(async move {
                let _ = consuming.task.await;
            });
        }
        Ok(())
    }

    fn spawn_background(&mut self, app: &Arc<App>) {
        if let Some(sender) = app.sender.get() {
            self.tasks.spawn(Relay::new(app.clone(), sender.clone()).run(self.stop.subscribe()));
        }
        self.tasks.spawn(outbox::listen(app.clone(), self.stop.subscribe()));
        self.tasks.spawn(drain(app.clone(), self.stop.subscribe()));
        let mut jobs = Jobs::default();
        jobs::housekeeping(&mut jobs, &app.files, &app.service);
        (app.service.jobs)(&mut jobs);
        self.tasks.spawn(measures::run(app.clone(), self.stop.subscribe()));
        for (job, first) in jobs.0.into_iter().zip(first_waits()) {
            measures::expect_job(app.name, job.name, job.every, &app.clock);
            let (app, mut stop) = (app.clone(), self.stop.subscribe());
            self.tasks.spawn(async move {
                let mut wait = job.every.min(first);
                loop {
                    tokio::select! { biased; _ = stop.changed() => return, () = tokio::time::sleep(wait) => {} }
                    wait = match app.run_job(&job).await {
                        Ok(again) if again => Duration::ZERO,
                        Ok(_) => job.every,
                        Err(error) => {
                            let error = format!("{error:?}");
                            tracing::warn!(service = app.name, job = job.name, error, "job failed");
                            job.every
                        }
                    };
                }
            });
        }
    }

    /// Which service hears what.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    /// The settings it was built with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// For tests with the memory bus: carries facts until nothing moves; returns how many were carried.
    pub async fn settle(&self) -> Result<usize> {
        let mut carried = 0;
        loop {
            let mut moved = 0;
            for app in &self.apps {
                if let Some(sender) = app.sender.get() {
                    moved += Relay::new(app.clone(), sender.clone()).once().await?;
                }
                moved += app.drain_once().await?;
            }
            if moved == 0 {
                return Ok(carried);
            }
            carried += moved;
        }
    }
    /// For tests: runs every job of every service once.
    pub async fn run_jobs(&self) -> Result<()> {
        for app in &self.apps {
            let mut jobs = Jobs::default();
            jobs::housekeeping(&mut jobs, &app.files, &app.service);
            (app.service.jobs)(&mut jobs);
            for job in jobs.0 {
                app.run_job(&job).await?;
            }
        }
        Ok(())
    }

    /// Tells the background work to finish what it holds, and waits for it.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let drained = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(20), drained).await.is_err() {
            tracing::warn!("background work did not finish in 20 s; leaving it to the next start");
        }
    }
}

/// How often a first connection may take too long: where many processes start at once, each of them is slow (20 s in all; two
/// tests of a suite that ran beside three compilers needed a second try).
const FIRST_TRIES: usize = 10;

/// Shows that the schema can be reached. Only slowness is met with patience: a refusal says what is wrong, and at once.
async fn first_connection(app: &App) -> Result<Object<Conn>, PoolError> {
    let mut tries = 1;
    loop {
        match app.writers.get().await {
            Err(PoolError::Timeout(_)) if tries < FIRST_TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

/// When jobs run for the first time: soon after the start, or a process that is started anew more often than their interval
/// would never run them (the fault campaign killed one for ten minutes, and nothing was sealed); one behind the other, since they
/// share the connections with whoever asks.
fn first_waits() -> impl Iterator<Item = Duration> {
    (0..).map(|number| Duration::from_secs(5) + number * Duration::from_millis(400))
}

/// Who hears what, from any service's schema.
async fn manifest(settings: &Settings, role: &str) -> anyhow::Result<Manifest> {
    let hint = "is Postgres up, and has `yewu migrate` been run?";
    let url = settings.database_url(role, db::SESSION)?;
    let mut conn =
        Conn::establish(&url).await.with_context(|| format!("service {role} cannot reach its database; {hint}"))?;
    let rows: Vec<(String, String)> = heard::table
        .select((heard::service, heard::kind))
        .distinct()
        .order((heard::service, heard::kind))
        .load(&mut conn)
        .await
        .with_context(|| format!("schema {role} is not as expected; {hint}"))?;
    let mut services: Vec<(String, Vec<String>)> = Vec::new();
    for (service, kind) in rows {
        match services.last_mut() {
            Some((last, kinds)) if *last == service => kinds.push(kind),
            _ => services.push((service, vec![kind])),
        }
    }
    Ok(Manifest { services })
}

async fn drain(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = app.drain_once().await {
            tracing::warn!(service = app.name, error = format!("{error:?}"), "inbox drain");
        }
        tokio::select! {
            () = app.drain.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            _ = stop.changed() => return,
        }
    }
}
