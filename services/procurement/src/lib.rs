//! Procurement: items, suppliers, stock and the holds on it, and what is bought. Decisions on stock are made here and nowhere else (ruling 9).
use platform::{Machine, Service};
use std::time::Duration;
use wire::procurement::{RequisitionPriority, RequisitionSource, StockEntryKind};

mod by_ref;
pub mod holds;
pub mod items;
pub mod requisitions;
mod schema;
pub mod sourcing;
pub mod stock;
pub mod suppliers;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "procurement",
    about: "items, suppliers, stock and the holds on it",
    migrations: || MIGRATIONS,
    routes: |config| {
        config.configure(items::routes).configure(suppliers::routes).configure(stock::routes).configure(holds::routes);
        config.configure(requisitions::routes);
    },
    consumers: |on| {
        holds::consumers(on);
        requisitions::consumers(on);
    },
    approvals: |on| {
        on.on("requisition", requisitions::approval_decided);
    },
    jobs: |on| {
        on.every(Duration::from_mins(5), "reorder-low-stock", requisitions::reorder);
        on.every(Duration::from_mins(1), "mark-requisitions-overdue", requisitions::mark_overdue);
    },
    events: wire::procurement::EVENTS,
    machines: &[
        items::domain::Item::MACHINE,
        suppliers::domain::Supplier::MACHINE,
        stock::domain::Stock::MACHINE,
        holds::domain::Hold::MACHINE,
        requisitions::domain::Requisition::MACHINE,
    ],
    words: &[
        ("stock_entry_kind", StockEntryKind::labels()),
        ("requisition_source", RequisitionSource::labels()),
        ("requisition_priority", RequisitionPriority::labels()),
    ],
    codes: &[
        items::domain::ItemRule::CODES,
        suppliers::domain::SupplierRule::CODES,
        stock::domain::StockRule::CODES,
        holds::domain::HoldRule::CODES,
        requisitions::domain::RequisitionRule::CODES,
    ],
};
