//! Accounts, contacts, leads, opportunities, specifications, the directory, the case graph.
use platform::Service;

mod schema;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "crm",
    about: "accounts, contacts, leads, opportunities, specifications, the directory, the case graph",
    migrations: || MIGRATIONS,
    routes: |_| {},
    consumers: |_| {},
    approvals: |_| {},
    jobs: |_| {},
    events: wire::crm::EVENTS,
    machines: &[],
    words: &[],
    codes: &[],
};
