//! Procurement: items, suppliers, stock and the holds on it. Decisions on stock are made here and nowhere else (ruling 9).
use platform::{Machine, Service};
use wire::procurement::StockEntryKind;

mod by_ref;
pub mod holds;
pub mod items;
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
    },
    consumers: |on| {
        holds::consumers(on);
    },
    approvals: |_| {},
    jobs: |_| {},
    events: wire::procurement::EVENTS,
    machines: &[
        items::domain::Item::MACHINE,
        suppliers::domain::Supplier::MACHINE,
        stock::domain::Stock::MACHINE,
        holds::domain::Hold::MACHINE,
    ],
    words: &[("stock_entry_kind", StockEntryKind::labels())],
    codes: &[
        items::domain::ItemRule::CODES,
        suppliers::domain::SupplierRule::CODES,
        stock::domain::StockRule::CODES,
        holds::domain::HoldRule::CODES,
    ],
};
