//! Orders: from the customer's yes to accepted goods. It refuses to decide on stock (procurement) or money (contracts).
use platform::{Machine, Service};
use std::time::Duration;
use wire::handover::HandoverScope;
use wire::orders::{
    AcceptanceStepKind, AvailabilityStatus, FindingKind, HoldKind, InspectionReportStatus, InspectionResult,
    InspectionStage, OnSilence, OrderOrigin, ReviewResult, ShortageDecision, WorkKind,
};

pub mod acceptance_policies;
pub mod acceptances;
pub mod finance_reviews;
pub mod inspection_reports;
pub mod inspections;
pub mod nonconformities;
pub mod orders;
#[cfg(test)]
mod part_tests;
mod schema;
pub mod shipments;
pub mod shortages;
mod store;
#[cfg(test)]
mod store_tests;
pub mod work_items;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "orders",
    about: "orders, shortages, finance review, work items, inspections, shipments, acceptance",
    migrations: || MIGRATIONS,
    routes: |config| {
        config
            .configure(orders::routes)
            .configure(shortages::routes)
            .configure(finance_reviews::routes)
            .configure(work_items::routes)
            .configure(inspections::routes)
            .configure(inspection_reports::routes)
            .configure(nonconformities::routes)
            .configure(shipments::routes)
            .configure(acceptances::routes)
            .configure(acceptance_policies::routes);
    },
    consumers: |on| {
        orders::consumers(on);
    },
    approvals: |_| {},
    jobs: |on| {
        on.every(Duration::from_mins(5), "mark-reviews-overdue", finance_reviews::mark_overdue);
        on.every(Duration::from_mins(1), "chase-acceptances", acceptances::chase_acceptances);
    },
    handovers: |on| {
        on.of::<orders::domain::Order>(HandoverScope::Orders)
            .of::<finance_reviews::domain::FinanceReview>(HandoverScope::Orders)
            .of::<work_items::domain::WorkItem>(HandoverScope::Orders)
            .of::<shipments::domain::Shipment>(HandoverScope::Orders)
            .of::<acceptances::domain::Acceptance>(HandoverScope::Orders)
            .of::<shortages::domain::Shortage>(HandoverScope::Orders)
            .of::<inspections::domain::Inspection>(HandoverScope::Orders)
            .of::<nonconformities::domain::Nonconformity>(HandoverScope::Orders);
    },
    events: wire::orders::EVENTS,
    machines: &[
        orders::domain::Order::MACHINE,
        shortages::domain::Shortage::MACHINE,
        finance_reviews::domain::FinanceReview::MACHINE,
        work_items::domain::WorkItem::MACHINE,
        inspections::domain::Inspection::MACHINE,
        nonconformities::domain::Nonconformity::MACHINE,
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
        ("shortage_decision", ShortageDecision::labels()),
        ("inspection_stage", InspectionStage::labels()),
        ("inspection_result", InspectionResult::labels()),
        ("inspection_report_status", InspectionReportStatus::labels()),
        ("on_silence", OnSilence::labels()),
        ("acceptance_step_kind", AcceptanceStepKind::labels()),
    ],
    codes: &[
        orders::domain::OrderRule::CODES,
        shortages::domain::ShortageRule::CODES,
        finance_reviews::domain::ReviewRule::CODES,
        inspections::domain::InspectionRule::CODES,
        inspection_reports::domain::ReportRule::CODES,
        nonconformities::domain::NonconformityRule::CODES,
        shipments::domain::ShipmentRule::CODES,
        acceptances::domain::AcceptanceRule::CODES,
        acceptance_policies::domain::PolicyRule::CODES,
    ],
};
