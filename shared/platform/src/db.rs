//! Connection pools: one to write, one whose sessions are read-only. The background work has a pair, and so has every HTTP
//! worker: a connection is driven by the thread that opened it, so that a round trip wakes no other thread. Waiting for one is
//! bounded, and each is warmed when it is opened.
use crate::{
    Conn, Pool, Settings, inbox_store,
    tx::{Claim, Flush, Record, Slot},
};
use diesel_async::{
    AsyncConnection, RunQueryDsl, SimpleAsyncConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool},
};
use futures_util::FutureExt;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Options of every session that serves requests or messages.
pub const SESSION: &[(&str, &str)] =
    &[("statement_timeout", "5000"), ("lock_timeout", "1000"), ("idle_in_transaction_session_timeout", "10000")];
/// One more, for readers.
pub const READ_ONLY: (&str, &str) = ("default_transaction_read_only", "on");

/// The two doors to a service's schema.
#[derive(Clone)]
pub struct Pools {
    pub writers: Pool,
    pub readers: Pool,
}

/// How pools of one service are made. Its password is read anew for each connection: it can be changed while the service runs.
pub(crate) struct Doors {
    settings: Settings,
    service: &'static str,
    /// All that were ever made here: a process makes one pair for each HTTP worker and one for itself, and keeps them.
    opened: Mutex<Vec<Pools>>,
}

impl Doors {
    pub fn new(settings: &Settings, service: &'static str) -> Self {
        Self { settings: settings.clone(), service, opened: Mutex::default() }
    }
    /// Where a session that may write begins.
    pub fn writer_url(&self) -> anyhow::Result<String> {
        self.settings.database_url(self.service, SESSION)
    }
    /// A pair of its own for whoever asks, with so many connections to write and to read.
    pub fn open(&self, writers: usize, readers: usize) -> anyhow::Result<Pools> {
        let wait = Duration::from_millis(self.settings.db.wait_milliseconds);
        let (settings, service) = (self.settings.clone(), self.service);
        let writer = move || settings.database_url(service, SESSION);
        let (settings, reading) = (self.settings.clone(), [SESSION, &[READ_ONLY]].concat());
        let reader = move || settings.database_url(service, &reading);
        let pools = Pools { writers: pool(writer, writers, wait, true)?, readers: pool(reader, readers, wait, false)? };
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).push(pools.clone());
        Ok(pools)
    }
    /// How many connections are taken: `(write or read, number)`.
    pub fn used(&self) -> [(&'static str, f64); 2] {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |of: fn(&Pools) -> &Pool| -> f64 {
            let taken = |pool: &Pool| u32::try_from(pool.status().size.saturating_sub(pool.status().available));
            opened.iter().map(|pools| f64::from(taken(of(pools)).unwrap_or(u32::MAX))).sum()
        };
        [("write", sum(|pools| &pools.writers)), ("read", sum(|pools| &pools.readers))]
    }
}

/// Builds a pool; `warm` prepares the kernel's statements on every new connection, which `Tx::begin` and `Tx::end` rely on.
fn pool(
    url: impl Fn() -> anyhow::Result<String> + Send + Sync + 'static,
    size: usize,
    wait: Duration,
    warm: bool,
) -> anyhow::Result<Pool> {
    let mut config = ManagerConfig::<Conn>::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_| {
        let url = url().map_err(|error| diesel::ConnectionError::BadConnection(format!("{error:#}")));
        async move { open(&url?, warm).await }.boxed()
    });
    let manager = AsyncDieselConnectionManager::<Conn>::new_with_config("", config);
    Ok(deadpool::Pool::builder(manager)
        .max_size(size)
        .runtime(::deadpool::Runtime::Tokio1)
        .wait_timeout(Some(wait))
        .create_timeout(Some(Duration::from_secs(2)))
        .recycle_timeout(Some(Duration::from_secs(1)))
        .build()?)
}

async fn open(url: &str, warm: bool) -> diesel::ConnectionResult<Conn> {
    let mut conn = Conn::establish(url).await?;
    if warm {
        prepare(&mut conn).await.map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    }
    Ok(conn)
}

/// The statements that are sent in one breath with BEGIN or COMMIT must be known to the session before.
async fn prepare(conn: &mut Conn) -> diesel::QueryResult<()> {
    conn.batch_execute("BEGIN").await?;
    let slot = Slot::new("warm", "up", b"");
    Claim::of(&slot).execute(conn).await?;
    let record = Record::default();
    Flush(&record).execute(conn).await?;
    inbox_store::place(conn, &inbox_store::Row::nobodys()).await?;
    inbox_store::places(conn, &[]).await?;
    conn.batch_execute("ROLLBACK").await
}
