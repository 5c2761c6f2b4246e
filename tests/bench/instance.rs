//! The suite under measure: the program itself, all six services in one process, on a database of its own with a broker of its
//! own. Says what it costs; sets nothing that a deployment would not.
use anyhow::{Context, ensure};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use platform::{Settings, auth::Role, auth::keys};
use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use testkit::{Client, Environment};
use tests::processes::{self, Usage};

/// Connections to write and as many to read: what eight callers at once need.
const CONNECTIONS: usize = 8;

pub struct Instance {
    child: Child,
    pub settings: Settings,
    admin_url: String,
    pub base: String,
    pub database: String,
    /// From the start of the process to the first `/readyz` that says yes.
    pub ready_after: Duration,
    key: keys::DevelopmentKey,
    folder: PathBuf,
}

impl Instance {
    /// Starts it on a fresh database; all services where none is named.
    pub async fn start(environment: &Environment, services: &[String]) -> anyhow::Result<Self> {
        let database = testkit::fresh_database(environment, suite::ALL).await?;
        let folder = std::env::temp_dir().join(format!("yewu-bench-{}", std::process::id()));
        let key = keys::generate(&folder)?;
        let mut settings = environment.settings(&database, &folder);
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        settings.http.bind = format!("127.0.0.1:{port}");
        settings.auth.development_key_file = Some(folder.join("development.pem"));
        settings.bus.kind = platform::settings::BusKind::Rabbit;
        let base = format!("http://{}", settings.http.bind);
        let log = std::fs::File::create(folder.join("log"))?;
        let started = Instant::now();
        let child = Command::new(std::env::current_exe()?.with_file_name("yewu"))
            .arg("run")
            .args((!services.is_empty()).then(|| format!("--services={}", services.join(","))))
            .envs(tests::variables::of(&settings))
            .env("YEWU__HTTP__BIND", &settings.http.bind)
            .env("YEWU__HTTP__WORKERS", "2")
            .env("YEWU__DB__POOL_SIZE", CONNECTIONS.to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("where is yewu?")?;
        let mut instance = Self {
            child,
            settings,
            admin_url: environment.admin_url.clone(),
            base,
            database,
            ready_after: Duration::ZERO,
            key,
            folder,
        };
        let probe = instance.caller(Role::CustomerService)?;
        loop {
            let asked = probe.try_send(reqwest::Method::GET, "/readyz", &[], None).await;
            if asked.is_ok_and(|answer| answer.status.is_success()) {
                instance.ready_after = started.elapsed();
                return Ok(instance);
            }
            ensure!(matches!(instance.child.try_wait(), Ok(None)), "it has left: {}", instance.log());
            ensure!(started.elapsed() < Duration::from_mins(1), "not ready: {}", instance.log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// A person of that role.
    pub fn caller(&self, role: Role) -> anyhow::Result<Client> {
        let (claims, day) = (suite::people::claims(&[role], 1), jiff::SignedDuration::from_hours(24));
        let auth = &self.settings.auth;
        let token = self.key.mint(&auth.issuer, &auth.audience, &claims, day, jiff::Timestamp::now())?;
        Ok(Client::at(&self.base, Some(token)))
    }
    /// What it has used.
    pub fn usage(&self) -> Usage {
        processes::with_descendants(self.child.id())
    }
    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
    /// Statements of the administrator's.
    pub async fn execute(&self, statements: &str) -> anyhow::Result<()> {
        Ok(self.connect().await?.batch_execute(statements).await?)
    }
    /// One text, which the query calls so.
    pub async fn text(&self, query: &str) -> anyhow::Result<String> {
        Ok(diesel::sql_query(query).get_result::<Text>(&mut self.connect().await?).await?.text)
    }
    /// A connection of the administrator's, looking at `orders`.
    pub async fn connect(&self) -> anyhow::Result<AsyncPgConnection> {
        let url = platform::migrate::with_database(&self.admin_url, &self.database)?;
        let mut conn = AsyncPgConnection::establish(&url).await?;
        conn.batch_execute("SET search_path TO orders").await?;
        Ok(conn)
    }
    /// What it said.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// For queries that call their number so.
#[derive(diesel::QueryableByName)]
pub struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub count: i64,
}

#[derive(diesel::QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
