//! Connection pools: one to write, one whose sessions are read-only. Connections are opened on the main runtime, never on
//! an HTTP worker (whose thread may be busy), waiting for one is bounded, and each is warmed when it is opened.
use crate::{
    Conn, Pool, inbox_store,
    tx::{Claim, Flush, Record, Slot},
};
use diesel_async::{
    AsyncConnection, RunQueryDsl, SimpleAsyncConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool},
};
use futures_util::FutureExt;
use std::time::Duration;

/// Options of every session that serves requests or messages.
pub const SESSION: &[(&str, &str)] =
    &[("statement_timeout", "5000"), ("lock_timeout", "1000"), ("idle_in_transaction_session_timeout", "10000")];
/// One more, for readers.
pub const READ_ONLY: (&str, &str) = ("default_transaction_read_only", "on");

/// Builds a pool; `warm` prepares the kernel's statements on every new connection, which `Tx::begin` and `Tx::end` rely on.
pub fn pool(url: &str, size: usize, wait: Duration, warm: bool) -> anyhow::Result<Pool> {
    let mut config = ManagerConfig::<Conn>::default();
    config.recycling_method = RecyclingMethod::Fast;
    let runtime = tokio::runtime::Handle::current();
    config.custom_setup = Box::new(move |url| {
        let (runtime, url) = (runtime.clone(), url.to_owned());
        async move {
            let opened = runtime.spawn(async move { open(&url, warm).await }).await;
            opened.map_err(|error| diesel::ConnectionError::BadConnection(error.to_string()))?
        }
        .boxed()
    });
    let manager = AsyncDieselConnectionManager::<Conn>::new_with_config(url, config);
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
