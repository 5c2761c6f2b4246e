//! Orders: from the customer's yes to accepted goods. It refuses to decide on stock (procurement) or money (contracts).
use platform::{Machine, Service};
use std::time::Duration;
use wire::orders::{AvailabilityStatus, FindingKind, HoldKind, OrderOrigin, ReviewResult, WorkKind};

pub mod acceptances;
pub mod finance_reviews;
pub mod orders;
mod schema;
pub mod shipments;
mod store;
#[cfg(test)]
mod store_tests;
pub mod work_items;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "orders",
    about: "orders, finance review, work items, shipments, acceptance",
    migrations: || MIGRATIONS,
    routes: |config| {
        config
            .configure(orders::routes)
            .configure(finance_reviews::routes)
            .configure(work_items::routes)
            .configure(shipments::routes)
            .configure(acceptances::routes);
    },
    consumers: |on| {
        orders::consumers(on);
    },
    approvals: |_| {},
    jobs: |on| {
        on.every(Duration::from_mins(5), "mark-reviews-overdue", finance_reviews::mark_overdue);
    },
    events: wire::orders::EVENTS,
    machines: &[
        orders::domain::Order::MACHINE,
        finance_reviews::domain::FinanceReview::MACHINE,
        work_items::domain::WorkItem::MACHINE,
        shipments::domain::Shipment::MACHINE,
        acceptances::domain::Acceptance::MACHINE,
    ],
    words: &[
        ("order_origin", OrderOrigin::labels()),
        ("hold_kind", HoldKind::labels()),
        ("availability_status", AvailabilityStatus::labels()),
        ("review_result", ReviewResult::labels()),
        ("finding_kind", FindingKind::labels()),
        ("work_kind", WorkKind::labels()),
    ],
    codes: &[
        orders::domain::OrderRule::CODES,
        finance_reviews::domain::ReviewRule::CODES,
        shipments::domain::ShipmentRule::CODES,
        acceptances::domain::AcceptanceRule::CODES,
    ],
};
