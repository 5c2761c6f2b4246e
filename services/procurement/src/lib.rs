//! Procurement: items, suppliers, stock and the holds on it, and what is bought. Decisions on stock are made here and nowhere else (ruling 9).
use platform::{Machine, Service};
use std::time::Duration;
use wire::handover::HandoverScope;
use wire::procurement::{
    AwardBasis, EvaluationCriterion, QuoteFaultKind, RequisitionPriority, RequisitionSource, RfqInvitationStatus,
    StockEntryKind, TesterRole, WaiverReason,
};

pub mod bills_of_material;
mod by_ref;
pub mod goods_receipts;
pub mod holds;
pub mod items;
pub mod purchase_orders;
pub mod receipt_discrepancies;
pub mod requisitions;
pub mod rfqs;
pub mod sample_tests;
mod schema;
pub mod sourcing;
pub mod sourcing_waivers;
pub mod stock;
pub mod supplier_categories;
pub mod supplier_evaluations;
pub mod supplier_prices;
pub mod supplier_qualifications;
pub mod suppliers;

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// The service's table of contents.
pub const SERVICE: Service = Service {
    name: "procurement",
    about: "items, suppliers, stock and the holds on it",
    migrations: || MIGRATIONS,
    routes: |config| {
        config.configure(items::routes).configure(suppliers::routes).configure(stock::routes).configure(holds::routes);
        config.configure(purchase_orders::routes).configure(goods_receipts::routes);
        config.configure(receipt_discrepancies::routes);
        config
            .configure(supplier_categories::routes)
            .configure(supplier_qualifications::routes)
            .configure(supplier_evaluations::routes)
            .configure(requisitions::routes);
        config.configure(supplier_prices::routes).configure(bills_of_material::routes);
        config.configure(sourcing_waivers::routes).configure(rfqs::routes).configure(sample_tests::routes);
    },
    consumers: |on| {
        holds::consumers(on);
        requisitions::consumers(on);
    },
    approvals: |on| {
        on.on("requisition", requisitions::approval_decided);
        on.on("purchase_order", purchase_orders::approval_decided);
        on.on("sourcing_waiver", sourcing_waivers::approval_decided);
    },
    jobs: |on| {
        on.every(Duration::from_mins(5), "remind-of-licences", suppliers::remind);
        on.every(Duration::from_mins(5), "expire-qualifications", supplier_qualifications::expire_due);
        on.every(Duration::from_mins(5), "reorder-low-stock", requisitions::reorder);
        on.every(Duration::from_mins(1), "mark-requisitions-overdue", requisitions::mark_overdue);
        on.every(Duration::from_mins(1), "mark-inspections-overdue", goods_receipts::mark_overdue);
    },
    handovers: |on| {
        on.of::<requisitions::domain::Requisition>(HandoverScope::Purchases)
            .of::<sourcing_waivers::domain::SourcingWaiver>(HandoverScope::Purchases)
            .of::<rfqs::domain::Rfq>(HandoverScope::Purchases)
            .of::<sample_tests::domain::SampleTest>(HandoverScope::Purchases)
            .of::<purchase_orders::domain::PurchaseOrder>(HandoverScope::Purchases)
            .of::<goods_receipts::domain::GoodsReceipt>(HandoverScope::Purchases)
            .of::<receipt_discrepancies::domain::Discrepancy>(HandoverScope::Purchases)
            .of::<holds::domain::Hold>(HandoverScope::Orders);
    },
    events: wire::procurement::EVENTS,
    machines: &[
        items::domain::Item::MACHINE,
        suppliers::domain::Supplier::MACHINE,
        stock::domain::Stock::MACHINE,
        holds::domain::Hold::MACHINE,
        requisitions::domain::Requisition::MACHINE,
        purchase_orders::domain::PurchaseOrder::MACHINE,
        goods_receipts::domain::GoodsReceipt::MACHINE,
        receipt_discrepancies::domain::Discrepancy::MACHINE,
        supplier_prices::domain::SupplierPrice::MACHINE,
        bills_of_material::domain::BillOfMaterial::MACHINE,
        sourcing_waivers::domain::SourcingWaiver::MACHINE,
        rfqs::domain::Rfq::MACHINE,
        sample_tests::domain::SampleTest::MACHINE,
        supplier_categories::domain::SupplierCategory::MACHINE,
        supplier_qualifications::domain::SupplierQualification::MACHINE,
        supplier_evaluations::domain::SupplierEvaluation::MACHINE,
    ],
    words: &[
        ("stock_entry_kind", StockEntryKind::labels()),
        ("requisition_source", RequisitionSource::labels()),
        ("requisition_priority", RequisitionPriority::labels()),
        ("purchase_order_origin", wire::procurement::PurchaseOrderOrigin::labels()),
        ("goods_receipt_origin", wire::procurement::GoodsReceiptOrigin::labels()),
        ("discrepancy_nature", wire::procurement::DiscrepancyNature::labels()),
        ("discrepancy_kind", wire::procurement::DiscrepancyKind::labels()),
        ("discrepancy_resolution", wire::procurement::DiscrepancyResolution::labels()),
        ("sourcing_waiver_reason", WaiverReason::labels()),
        ("rfq_invitation", RfqInvitationStatus::labels()),
        ("rfq_quote_fault", QuoteFaultKind::labels()),
        ("rfq_award_basis", AwardBasis::labels()),
        ("sample_tester_role", TesterRole::labels()),
        ("evaluation_criterion", EvaluationCriterion::labels()),
    ],
    codes: &[
        items::domain::ItemRule::CODES,
        suppliers::domain::SupplierRule::CODES,
        stock::domain::StockRule::CODES,
        holds::domain::HoldRule::CODES,
        requisitions::domain::RequisitionRule::CODES,
        purchase_orders::domain::PurchaseOrderRule::CODES,
        goods_receipts::domain::GoodsReceiptRule::CODES,
        receipt_discrepancies::domain::DiscrepancyRule::CODES,
        supplier_prices::domain::SupplierPriceRule::CODES,
        bills_of_material::domain::BillRule::CODES,
        sourcing_waivers::domain::WaiverRule::CODES,
        rfqs::domain::RfqRule::CODES,
        sample_tests::domain::SampleTestRule::CODES,
        supplier_categories::domain::SupplierCategoryRule::CODES,
        supplier_qualifications::domain::SupplierQualificationRule::CODES,
        supplier_evaluations::domain::SupplierEvaluationRule::CODES,
    ],
};
