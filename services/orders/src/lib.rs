//! Orders, finance review, work items, shipments, acceptance.
use platform::Service;

mod schema;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "orders",
    about: "orders, finance review, work items, shipments, acceptance",
    migrations: || MIGRATIONS,
    routes: |_| {},
    consumers: |_| {},
    approvals: |_| {},
    jobs: |_| {},
    events: wire::orders::EVENTS,
    machines: &[],
    words: &[],
    codes: &[],
};
