//! One process of the suite: started, killed, frozen, asked whether it is ready. Its ports stay the same over restarts, as
//! an orchestrator would keep them.
use super::edge::Edge;
use anyhow::{Context, ensure};
use std::{
    fs::{File, OpenOptions},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How long a process may take to drain after SIGTERM; `http.drain_seconds` is 15.
const DRAIN: Duration = Duration::from_secs(30);

pub(crate) struct Process {
    pub name: String,
    /// The services in it, separated by commas.
    services: String,
    program: PathBuf,
    environment: Vec<(String, String)>,
    log: PathBuf,
    child: Option<Child>,
    /// Where it listens.
    pub bind: String,
    /// Its way to the database, to the broker, and the clients' way to it.
    pub database: Edge,
    pub broker: Edge,
    pub front: Edge,
}

/// A port for one process alone: never given twice, and below those that the system hands out, or a connection might have it
/// while its process is down, and another process answer in its place.
fn own_port() -> anyhow::Result<u16> {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 10_000)?;
    for _ in 0..1_000 {
        let port = 20_000 + (first + GIVEN.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port between 20000 and 32000")
}

impl Process {
    /// Not started yet.
    pub(crate) async fn new(
        name: &str,
        services: &str,
        program: PathBuf,
        log: PathBuf,
        (database, broker): (String, String),
        environment: impl Fn(&Edge, &Edge) -> Vec<(String, String)>,
    ) -> anyhow::Result<Self> {
        let bind = format!("127.0.0.1:{}", own_port()?);
        let (database, broker) = (Edge::open(database).await?, Edge::open(broker).await?);
        let front = Edge::open(bind.clone()).await?;
        let environment = environment(&database, &broker);
        let (name, services) = (name.to_owned(), services.to_owned());
        Ok(Self { name, services, program, environment, log, child: None, bind, database, broker, front })
    }

    /// Starts it; `extra` variables come on top.
    pub(crate) fn start(&mut self, extra: &[(&str, String)]) -> anyhow::Result<()> {
        ensure!(self.child.is_none(), "{} runs already", self.name);
        let log: File = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let mut command = Command::new(&self.program);
        command.args(["run", "--services", &self.services]).env("YEWU__HTTP__BIND", &self.bind);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.envs(extra.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.child = Some(command.spawn().with_context(|| format!("cannot start {}", self.program.display()))?);
        Ok(())
    }
    /// Its number, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }
    /// Does it run, as far as the operating system knows?
    pub(crate) fn runs(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }
    pub(crate) fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let child = self.child.as_ref().with_context(|| format!("{} does not run", self.name))?;
        super::ground::done(Command::new("kill").args(["-s", signal, &child.id().to_string()]))
    }
    /// kill -9, at once.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
    /// SIGTERM; it must drain and leave with 0.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        self.signal("TERM")?;
        let (end, mut child) = (Instant::now() + DRAIN, self.child.take().context("it ran")?);
        loop {
            if let Some(status) = child.try_wait()? {
                ensure!(status.success(), "{} drained with {status}", self.name);
                return Ok(());
            }
            if Instant::now() > end {
                child.kill()?;
                child.wait()?;
                anyhow::bail!("{} did not leave within {DRAIN:?} of SIGTERM", self.name);
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
    /// What `/readyz` says, past all proxies; nothing if it does not answer.
    pub(crate) async fn readiness(&self, http: &reqwest::Client) -> Option<u16> {
        let asked = http.get(format!("http://{}/readyz", self.bind)).timeout(Duration::from_secs(3)).send().await;
        asked.ok().map(|answer| answer.status().as_u16())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
