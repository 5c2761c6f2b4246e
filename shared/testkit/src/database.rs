//! Databases of tests: one template per set of migrations, one clone per test binary.
use crate::Environment;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use platform::{Service, Settings, hexadecimal, migrate, passwords::Passwords};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The services' roles in tests; the server listens on loopback only and is thrown away.
pub const PASSWORD: &str = "tests-only";

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    answer: Option<String>,
}

/// A clone of the template for these services, made on first use under a lock.
pub async fn fresh(environment: &Environment, services: &[Service]) -> anyhow::Result<String> {
    let template = format!("template_{}", fingerprint(services)?);
    let mut conn = AsyncPgConnection::establish(&environment.admin_url).await?;
    conn.batch_execute("SELECT pg_advisory_lock(4219)").await?;
    let known =
        format!("SELECT datname::text AS answer FROM pg_database WHERE datname = '{template}' AND datistemplate");
    if diesel::sql_query(known).load::<Answer>(&mut conn).await?.is_empty() {
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {template}")).await?;
        let passwords = Passwords::Shared(PASSWORD.to_owned().into());
        migrate::provision(&environment.admin_url, &template, &passwords, services).await?;
        migrate::schemas(&migrate::with_database(&environment.admin_url, &template)?, services).await?;
        conn.batch_execute(&format!("ALTER DATABASE {template} IS_TEMPLATE true")).await?;
    }
    let database = format!("test_{}", Uuid::now_v7().simple());
    conn.batch_execute(&format!("CREATE DATABASE {database} TEMPLATE {template}")).await?;
    conn.batch_execute("SELECT pg_advisory_unlock(4219)").await?;
    Ok(database)
}

/// Changes with every migration and every subscription.
fn fingerprint(services: &[Service]) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    for service in services {
        hash.update(service.name);
        for name in migrate::names(service)? {
            hash.update(name);
        }
        for (kind, handler) in service.handlers() {
            hash.update(kind);
            hash.update(handler);
        }
    }
    Ok(hexadecimal(&hash.finalize()[..8]))
}

/// The first row's only column, as text; empty for NULL or no row.
pub async fn text(settings: &Settings, role: &str, query: &str) -> String {
    let mut conn = AsyncPgConnection::establish(&settings.database_url(role, &[]).expect("a password"))
        .await
        .expect("a connection");
    let wrapped = format!("SELECT ({query})::text AS answer");
    let rows =
        diesel::sql_query(wrapped).load::<Answer>(&mut conn).await.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.into_iter().next().and_then(|row| row.answer).unwrap_or_default()
}

/// One statement with the rights of the schema's owner.
pub async fn as_owner(settings: &Settings, service: &str, statement: &str) {
    let database = settings.db.url.rsplit('/').next().unwrap_or_default();
    let admin = settings.db.admin_url.as_ref().expect("the tests' administrator");
    let url = migrate::with_database(admin.reveal(), database).expect("a URL");
    let mut conn = AsyncPgConnection::establish(&url).await.expect("a connection");
    conn.batch_execute(&format!("SET ROLE {service}_owner; SET search_path = {service}; {statement}"))
        .await
        .expect("done");
}
