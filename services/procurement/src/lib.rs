//! Items, suppliers, stock and the holds on it.
use platform::Service;

mod schema;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "procurement",
    about: "items, suppliers, stock and the holds on it",
    migrations: || MIGRATIONS,
    routes: |_| {},
    consumers: |_| {},
    approvals: |_| {},
    jobs: |_| {},
    events: wire::procurement::EVENTS,
    machines: &[],
    words: &[],
    codes: &[],
};
