//! The ground that a campaign stands on: private servers, one database, the six services as processes of their own and one
//! more process with all of them, so that each relay and each queue has a second one waiting. Starts, looks, cleans up.
use super::{Cli, process::Process};
use anyhow::{Context, ensure};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use platform::{Settings, auth::keys, settings::BusKind};
use std::{
    collections::HashMap,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::time::{Instant, sleep};

const PASSWORD: &str = "faults-only";
const DATABASE: &str = "yewu";
/// How long everything may take to be well again after a fault has ended (reliability target T2).
pub(crate) const RECOVERY: Duration = Duration::from_mins(1);

pub(crate) struct Ground {
    pub state: PathBuf,
    script: PathBuf,
    program: PathBuf,
    pub faketime: Option<PathBuf>,
    /// How often processes die at each crash point, and how long the broker stays away.
    pub crashes: u32,
    pub away: Duration,
    /// The six services, one each, then the process with all of them.
    pub processes: Vec<Process>,
    /// As a tool beside the servers sees the suite: past all proxies.
    pub settings: Settings,
    variables: Vec<(String, String)>,
    pub http: reqwest::Client,
    pub admin_url: String,
    pub amqp_url: String,
}

/// Runs it and fails with what it said.
pub(crate) fn done(command: &mut Command) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}"))?;
    let said = || String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{command:?}: {}: {}", output.status, said());
    Ok(())
}

impl Ground {
    /// Everything fresh, migrated and ready.
    pub(crate) async fn prepare(cli: &Cli, bug: Option<&str>) -> anyhow::Result<Self> {
        let (state, program) = (cli.state.clone(), cli.program()?);
        std::fs::create_dir_all(&state)?;
        if state.join("servers").exists() {
            done(Command::new(&cli.servers).arg("wipe").arg(&state))?;
        }
        done(Command::new(&cli.servers).arg("start").arg(&state))?;
        let said = Command::new(&cli.servers).arg("env").arg(&state).output()?;
        let said = String::from_utf8(said.stdout)?;
        let told = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(&format!("export {name}=")));
            line.map(|value| value.replace('\\', "")).with_context(|| format!("servers env tells no {name}"))
        };
        let (admin_url, amqp_url) = (told("YEWU_PG_ADMIN_URL")?, told("YEWU_AMQP_URL")?);
        let postgres = format!("127.0.0.1:{}", told("YEWU_PG_PORT")?);
        let broker = amqp_url.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()).context("an AMQP URL")?;
        let folder = state.join("suite");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        keys::generate(&folder.join("keys"))?;
        let settings = settings(&folder, &postgres, &admin_url, &amqp_url)?;
        // Tools speak as the broker's administrator; processes get their own users below.
        let mut variables = tests::variables::of(&settings);
        variables.push(("YEWU__BUS__URL".into(), amqp_url.clone()));
        let own_users = services_url(&amqp_url)?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut ground = Self {
            state,
            script: cli.servers.clone(),
            program: program.clone(),
            faketime: cli.faketime.clone(),
            crashes: cli.crashes,
            away: Duration::from_secs(cli.away),
            processes: Vec::new(),
            settings,
            variables,
            http: reqwest::Client::new(),
            admin_url,
            amqp_url: amqp_url.clone(),
        };
        ground.yewu(["migrate"])?;
        ground.broker_users()?;
        let names: Vec<&str> = suite::ALL.iter().map(|service| service.name).collect();
        let all = names.join(",");
        for (name, services) in names.iter().map(|name| (*name, *name)).chain([("second", all.as_str())]) {
            let log = folder.join(format!("{name}.log"));
            let ways = (postgres.clone(), broker.to_owned());
            let base = ground.variables.clone();
            // Two versions beside each other, as in the middle of a deployment.
            let program = if name == "second" { cli.previous.as_ref().unwrap_or(&program) } else { &program };
            let environment = |database: &super::edge::Edge, edge: &super::edge::Edge| {
                let mut all = base.clone();
                all.push(("YEWU__DB__URL".into(), database_url(&database.address)));
                all.push(("YEWU__BUS__URL".into(), own_users.replace(broker, &edge.address)));
                all.extend(bug.map(|bug| ("YEWU_BUG".to_owned(), bug.to_owned())));
                all
            };
            let mut process = Process::new(name, services, program.clone(), log, ways, environment).await?;
            process.start(&[])?;
            ground.processes.push(process);
            // One after the other: seven at once keep each other from their first connections, and nobody starts them again here.
            ground.ready().await?;
        }
        Ok(ground)
    }

    /// The script that owns the servers, with one of its commands.
    pub(crate) fn servers<S: AsRef<OsStr>>(
        &self,
        command: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> anyhow::Result<()> {
        done(Command::new(&self.script).arg(command).arg(&self.state).args(arguments))
    }
    /// `rabbitmqctl`.
    pub(crate) fn broker(&self, arguments: &[&str]) -> anyhow::Result<()> {
        self.servers("broker-ctl", arguments)
    }
    /// The program's own tools, as an operator calls them.
    pub(crate) fn yewu<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> anyhow::Result<()> {
        done(Command::new(&self.program).args(arguments).envs(self.variables.iter().map(|(name, value)| (name, value))))
    }
    /// The services' own users at the broker: an operator makes them when the broker is new, or has lost everything.
    pub(crate) fn broker_users(&self) -> anyhow::Result<()> {
        let mut asked = Command::new(&self.program);
        let said = asked.arg("broker-users").envs(self.variables.iter().map(|(name, value)| (name, value))).output()?;
        ensure!(said.status.success(), "broker-users: {}", String::from_utf8_lossy(&said.stderr));
        let file = self.state.join("suite/broker_users.json");
        std::fs::write(&file, said.stdout)?;
        self.servers("broker-ctl", [OsStr::new("import_definitions"), file.as_os_str()])
    }
    /// Waits until every process says that it is ready.
    pub(crate) async fn ready(&self) -> anyhow::Result<()> {
        for process in &self.processes {
            let end = Instant::now() + RECOVERY;
            while process.readiness(&self.http).await != Some(200) {
                ensure!(Instant::now() < end, "{} is not ready within {RECOVERY:?}", process.name);
                sleep(Duration::from_millis(50)).await;
            }
        }
        Ok(())
    }
    /// Where each process listens, past its proxy.
    pub(crate) fn binds(&self) -> Vec<String> {
        self.processes.iter().map(|process| process.bind.clone()).collect()
    }
    /// Where clients reach each service.
    pub(crate) fn fronts(&self) -> HashMap<String, String> {
        let single = self.processes.iter().filter(|process| process.name != "second");
        single.map(|process| (process.name.clone(), format!("http://{}", process.front.address))).collect()
    }
    /// One number from the database, asked as its administrator.
    pub(crate) async fn count(&self, query: &str) -> anyhow::Result<i64> {
        let mut conn = self.connect().await?;
        Ok(diesel::sql_query(query).get_result::<Count>(&mut conn).await?.count)
    }
    /// One statement or several.
    pub(crate) async fn execute(&self, statement: &str) -> anyhow::Result<()> {
        Ok(self.connect().await?.batch_execute(statement).await?)
    }
    /// A connection of the administrator's.
    pub(crate) async fn connect(&self) -> anyhow::Result<AsyncPgConnection> {
        let url = platform::migrate::with_database(&self.admin_url, DATABASE)?;
        Ok(AsyncPgConnection::establish(&url).await?)
    }
    /// The same number from each schema, summed.
    pub(crate) async fn count_in_all(&self, from: &str) -> anyhow::Result<i64> {
        let parts: Vec<String> =
            suite::ALL.iter().map(|s| format!("(SELECT count(*) FROM {}.{from})", s.name)).collect();
        self.count(&format!("SELECT ({})::bigint AS count", parts.join(" + "))).await
    }
    /// Waits until nothing that was told until then is on its way any more: every outbox published, every inbox settled.
    pub(crate) async fn drained(&self, until: jiff::Timestamp) -> anyhow::Result<()> {
        let end = Instant::now() + RECOVERY;
        loop {
            let left = async {
                let told = self.count_in_all(&format!("outbox WHERE published_at IS NULL AND at <= '{until}'")).await?;
                let waiting = format!("inbox WHERE status = 'waiting' AND arrived_at <= '{until}'");
                anyhow::Ok((told, self.count_in_all(&waiting).await?))
            };
            match left.await {
                Ok((0, 0)) => return Ok(()),
                other if Instant::now() > end => {
                    anyhow::bail!("not drained within {RECOVERY:?}: (unpublished, waiting) = {other:?}")
                }
                _ => sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.processes.clear();
        if let Err(error) = self.servers::<&str>("stop", []) {
            eprintln!("faults: {error:#}");
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

fn database_url(address: &str) -> String {
    format!("postgres://{{role}}@{address}/{DATABASE}")
}

/// Each service as itself, for the URL of the broker's administrator.
fn services_url(amqp_url: &str) -> anyhow::Result<String> {
    let (_, server) = amqp_url.rsplit_once('@').context("an AMQP URL with a user")?;
    Ok(format!("amqp://{{service}}@{server}"))
}

fn settings(folder: &Path, postgres: &str, admin_url: &str, amqp_url: &str) -> anyhow::Result<Settings> {
    let mut settings = Settings::load(None)?;
    settings.profile = platform::settings::Profile::Test;
    settings.db.url = database_url(postgres);
    settings.db.password = Some(PASSWORD.to_owned().into());
    settings.db.admin_url = Some(admin_url.to_owned().into());
    settings.bus.kind = BusKind::Rabbit;
    settings.bus.url = Some(services_url(amqp_url)?.into());
    settings.bus.password = Some(PASSWORD.to_owned().into());
    settings.bus.admin_url = Some(amqp_url.to_owned().into());
    settings.auth.jwks_file = Some(folder.join("keys/jwks.json"));
    settings.auth.development_key_file = Some(folder.join("keys/development.pem"));
    settings.storage.path = Some(folder.join("attachments"));
    Ok(settings)
}
