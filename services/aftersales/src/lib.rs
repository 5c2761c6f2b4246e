//! Aftersales: the call after a delivery, and what the customer says then (SVC-12, SVC-13).
use platform::{Machine, Service};

pub mod revisits;
mod schema;
pub mod surveys;
pub mod templates;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "aftersales",
    about: "revisits and surveys",
    migrations: || MIGRATIONS,
    routes: |config| {
        config.configure(revisits::routes).configure(surveys::routes).configure(templates::routes);
    },
    consumers: |on| {
        revisits::consumers(on);
    },
    approvals: |_| {},
    jobs: |on| {
        on.every(std::time::Duration::from_mins(1), "find-overdue-revisits", revisits::find_overdue);
    },
    events: wire::aftersales::EVENTS,
    machines: &[
        revisits::domain::Revisit::MACHINE,
        surveys::domain::Survey::MACHINE,
        templates::domain::SurveyTemplate::MACHINE,
    ],
    words: &[],
    codes: &[
        revisits::domain::RevisitRule::CODES,
        surveys::domain::SurveyRule::CODES,
        templates::domain::TemplateRule::CODES,
    ],
};
