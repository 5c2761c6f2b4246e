//! Aftersales: the call after a delivery, what the customer says then (SVC-12, SVC-13), and tickets until they are
//! satisfied (SVC-01 to 05, 08, 09, 14). It refuses to call anybody satisfied who has not said so.
use platform::{Machine, Service};
use std::time::Duration;
use wire::aftersales::{TicketChannel, TicketKind, TicketOutcome, TicketSeverity};
use wire::handover::HandoverScope;

pub mod revisits;
mod schema;
pub mod service_levels;
pub mod surveys;
pub mod templates;
pub mod tickets;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "aftersales",
    about: "revisits, surveys and tickets",
    migrations: || MIGRATIONS,
    routes: |config| {
        config
            .configure(revisits::routes)
            .configure(surveys::routes)
            .configure(templates::routes)
            .configure(tickets::routes)
            .configure(service_levels::routes);
    },
    consumers: |on| {
        revisits::consumers(on);
        tickets::consumers(on);
    },
    approvals: |_| {},
    jobs: |on| {
        let minute = Duration::from_mins(1);
        on.every(minute, "find-overdue-revisits", revisits::find_overdue);
        on.every(minute, "find-unanswered-tickets", tickets::find_unanswered);
        on.every(minute, "warn-of-promises", tickets::warn);
        on.every(minute, "find-broken-promises", tickets::breach);
    },
    handovers: |on| {
        on.of::<tickets::domain::Ticket>(HandoverScope::Tickets)
            .of::<revisits::domain::Revisit>(HandoverScope::Tickets)
            .of::<surveys::domain::Survey>(HandoverScope::Tickets);
    },
    events: wire::aftersales::EVENTS,
    machines: &[
        revisits::domain::Revisit::MACHINE,
        surveys::domain::Survey::MACHINE,
        templates::domain::SurveyTemplate::MACHINE,
        tickets::domain::Ticket::MACHINE,
    ],
    words: &[
        ("ticket_kind", TicketKind::labels()),
        ("ticket_channel", TicketChannel::labels()),
        ("ticket_severity", TicketSeverity::labels()),
        ("ticket_outcome", TicketOutcome::labels()),
    ],
    codes: &[
        revisits::domain::RevisitRule::CODES,
        surveys::domain::SurveyRule::CODES,
        templates::domain::TemplateRule::CODES,
        tickets::domain::TicketRule::CODES,
    ],
};
