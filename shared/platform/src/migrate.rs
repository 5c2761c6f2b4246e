//! `yewu migrate`: roles, schemas, tables, queues. The only code that runs with the owners' rights, and safe to run from
//! several places at once (advisory lock) and again (everything is "if not exists").
use crate::{
    Conn, Service, Settings,
    bus::{Manifest, rabbit},
    passwords::Passwords,
    settings::BusKind,
};
use anyhow::{Context, anyhow};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::time::Duration;

const PLATFORM: EmbeddedMigrations = embed_migrations!("migrations");
/// Any number; the same for all copies.
const LOCK: i64 = 7_093_471_220_145;
/// Whoever wants a table after a migration that waits for it waits behind it: a migration steps back this soon and comes again.
const WAIT: &str = "1s";
/// How often it comes: whoever holds a table for longer than these minutes must be looked at by people.
const TRIES: u32 = 120;

/// Everything, in order. `admin` needs CREATEDB and CREATEROLE.
pub async fn run(settings: &Settings, services: &[Service]) -> anyhow::Result<()> {
    let admin = settings.db.admin_url.clone().context("db.admin_url (or db.admin_url_file) is needed to migrate")?;
    let database = database_name(&settings.db.url)?;
    provision(admin.reveal(), &database, &settings.database_passwords(), services).await?;
    schemas(&with_database(admin.reveal(), &database)?, services).await?;
    topology(settings, services).await
}

/// Exchanges, queues and bindings, where there is a broker.
pub async fn topology(settings: &Settings, services: &[Service]) -> anyhow::Result<()> {
    if settings.bus.kind == BusKind::Rabbit {
        let url =
            settings.bus.admin_url.clone().context("bus.admin_url (or bus.admin_url_file) is needed to migrate")?;
        rabbit::declare(url.reveal(), &manifest(services)).await?;
    }
    Ok(())
}

/// Who hears what.
#[must_use]
pub fn manifest(services: &[Service]) -> Manifest {
    Manifest { services: services.iter().map(|s| (s.name.to_owned(), s.hears())).collect() }
}

/// The services' users at the broker and what each may do, as `rabbitmqctl import_definitions` reads it: AMQP itself can make
/// no users. Holds the password.
pub fn broker_users(settings: &Settings, services: &[Service]) -> anyhow::Result<serde_json::Value> {
    let url = settings.bus.url.as_ref().context("bus.url is not set")?;
    let passwords = settings.bus_passwords();
    let of = |service: &str| {
        passwords.of(service)?.context("bus.password (or bus.password_file) is needed to make broker users")
    };
    rabbit::users(url.reveal(), of, &manifest(services))
}

/// Roles and the database. Roles are the cluster's, so this runs in the administrator's own database, under a lock.
pub async fn provision(
    admin_url: &str,
    database: &str,
    passwords: &Passwords,
    services: &[Service],
) -> anyhow::Result<()> {
    let mut conn = Conn::establish(admin_url).await.context("db.admin_url")?;
    conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    for service in services {
        role(&mut conn, &format!("{}_owner", service.name), "NOLOGIN", &Passwords::None).await?;
        role(&mut conn, service.name, "LOGIN", passwords).await?;
        conn.batch_execute(&format!(
            "ALTER ROLE {name} SET search_path = {name}; GRANT {name}_owner TO CURRENT_USER",
            name = service.name
        ))
        .await?;
    }
    role(&mut conn, "yewu_verify", "LOGIN", passwords).await?;
    let exists = exists(&mut conn, "pg_database", "datname", database).await?;
    if !exists {
        conn.batch_execute(&format!("CREATE DATABASE \"{database}\"")).await?;
    }
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
    Ok(())
}

async fn role(conn: &mut Conn, name: &str, login: &str, passwords: &Passwords) -> anyhow::Result<()> {
    if !exists(conn, "pg_roles", "rolname", name).await? {
        conn.batch_execute(&format!("CREATE ROLE {name} {login}")).await?;
    }
    if let Some(password) = passwords.of(name)? {
        conn.batch_execute(&format!("ALTER ROLE {name} PASSWORD '{}'", password.reveal().replace('\'', "''"))).await?;
    }
    Ok(())
}

async fn exists(conn: &mut Conn, catalog: &str, column: &str, name: &str) -> anyhow::Result<bool> {
    use diesel_async::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        found: bool,
    }
    let query = format!("SELECT EXISTS (SELECT 1 FROM {catalog} WHERE {column} = '{name}') AS found");
    Ok(diesel::sql_query(query).get_result::<Found>(conn).await?.found)
}

/// Schemas with their walls, and the migrations in them.
pub async fn schemas(url: &str, services: &[Service]) -> anyhow::Result<()> {
    let mut conn = Conn::establish(url).await?;
    conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK}); REVOKE ALL ON SCHEMA public FROM PUBLIC")).await?;
    for service in services {
        let name = service.name;
        conn.batch_execute(&walls(name)).await.with_context(|| format!("schema {name}"))?;
        conn.batch_execute(&format!("SET ROLE {name}_owner; SET search_path = {name}")).await?;
        for set in [|| PLATFORM, service.migrations] {
            conn = apply(conn, set).await.with_context(|| format!("migrating {name}"))?;
        }
        conn.batch_execute(&heard(services)).await?;
        conn.batch_execute("RESET ROLE; RESET search_path").await?;
    }
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
    Ok(())
}

/// What is pending of a set, each migration in its own transaction; gives the connection back.
async fn apply(mut conn: Conn, set: fn() -> EmbeddedMigrations) -> anyhow::Result<Conn> {
    conn.batch_execute(&format!("SET lock_timeout = '{WAIT}'")).await?;
    let mut tries = 1;
    loop {
        let mut harness = AsyncMigrationHarness::new(conn);
        let done = harness.run_pending_migrations(set()).map(drop);
        conn = harness.into_inner();
        match done {
            Err(error) if tries < TRIES && error.to_string().contains("lock timeout") => {
                tracing::warn!(%error, tries, "others hold the table: trying again");
                tokio::time::sleep(Duration::from_millis(500)).await;
                tries += 1;
            }
            done => {
                done.map_err(|error| anyhow!("{error}"))?;
                conn.batch_execute("RESET lock_timeout").await?;
                return Ok(conn);
            }
        }
    }
}

/// The owner makes, the service reads and writes its own rows, `yewu_verify` reads; nobody else has USAGE (ruling 12).
fn walls(name: &str) -> String {
    format!(
        "CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION {name}_owner;
         GRANT USAGE ON SCHEMA {name} TO {name}, yewu_verify;
         ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA {name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name};
         ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA {name} GRANT USAGE ON SEQUENCES TO {name};
         ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA {name} GRANT SELECT ON TABLES TO yewu_verify;"
    )
}

/// Keeps `since` of what was heard before.
fn heard(services: &[Service]) -> String {
    let rows: Vec<String> = services
        .iter()
        .flat_map(|s| s.handlers().into_iter().map(|(kind, handler)| format!("('{kind}', '{}', '{handler}')", s.name)))
        .collect();
    let rows = rows.join(", ");
    format!(
        "DELETE FROM heard WHERE (kind, service, handler) NOT IN (VALUES {rows}); \
         INSERT INTO heard (kind, service, handler) VALUES {rows} ON CONFLICT DO NOTHING"
    )
}

fn database_name(url: &str) -> anyhow::Result<String> {
    let name = url.rsplit('/').next().unwrap_or("").split('?').next().unwrap_or("");
    anyhow::ensure!(
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'),
        "db.url names no database: it must end in /NAME (letters, digits, underscores)"
    );
    Ok(name.to_owned())
}

/// The same server, another database.
pub fn with_database(url: &str, database: &str) -> anyhow::Result<String> {
    let (server, rest) = url.rsplit_once('/').context("the URL has no database")?;
    let query = rest.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    Ok(format!("{server}/{database}{query}"))
}

/// Every migration's name, in order. (Migrations are never edited once they are on main, so names are enough.)
pub fn names(service: &Service) -> anyhow::Result<Vec<String>> {
    use diesel::migration::{Migration, MigrationSource};
    let mut names = Vec::new();
    for set in [PLATFORM, (service.migrations)()] {
        let list: Vec<Box<dyn Migration<diesel::pg::Pg>>> = set.migrations().map_err(|error| anyhow!("{error}"))?;
        names.extend(list.iter().map(|migration| migration.name().to_string()));
    }
    Ok(names)
}
