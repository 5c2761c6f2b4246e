//! Quoting: from a confirmed need to the customer's yes.
use platform::Service;
use wire::quoting::{PaymentTrigger, Route};

pub mod quotes;
mod schema;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "quoting",
    about: "products, cost sheets, quotes",
    migrations: || MIGRATIONS,
    routes: |config| {
        config.configure(quotes::routes);
    },
    consumers: |on| {
        quotes::consumers(on);
    },
    approvals: |on| {
        on.on("quote", quotes::approval_decided);
    },
    jobs: |on| {
        on.every(std::time::Duration::from_secs(300), "expire-quotes", quotes::expire_due);
    },
    events: wire::quoting::EVENTS,
    machines: &[<quotes::domain::Quote as platform::Machine>::MACHINE],
    words: &[("route", Route::labels()), ("payment_trigger", PaymentTrigger::labels())],
    codes: &[quotes::domain::QuoteRule::CODES],
};
