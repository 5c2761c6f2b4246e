//! Templates, contracts, reviews, signatures, payment milestones, receipts of money.
use platform::Service;

mod schema;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "contracts",
    about: "templates, contracts, reviews, signatures, payment milestones, receipts of money",
    migrations: || MIGRATIONS,
    routes: |_| {},
    consumers: |_| {},
    approvals: |_| {},
    jobs: |_| {},
    events: wire::contracts::EVENTS,
    machines: &[],
    words: &[],
    codes: &[],
};
