//! Revisits and surveys.
use platform::Service;

mod schema;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "aftersales",
    about: "revisits and surveys",
    migrations: || MIGRATIONS,
    routes: |_| {},
    consumers: |_| {},
    approvals: |_| {},
    jobs: |_| {},
    events: wire::aftersales::EVENTS,
    machines: &[],
    words: &[],
    codes: &[],
};
