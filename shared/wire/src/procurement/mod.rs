//! Procurement: items, suppliers, stock and the holds on it, and what is bought.
mod bills_of_material;
mod events;
mod goods_receipts;
mod holds;
mod items;
mod purchase_orders;
mod receipt_discrepancies;
mod requisitions;
mod rfqs;
mod sample_tests;
mod sourcing_waivers;
mod stock;
mod supplier_categories;
mod supplier_evaluations;
mod supplier_prices;
mod supplier_qualifications;
mod supplier_quotes;
mod suppliers;

pub use bills_of_material::*;
pub use events::*;
pub use goods_receipts::*;
pub use holds::*;
pub use items::*;
pub use purchase_orders::*;
pub use receipt_discrepancies::*;
pub use requisitions::*;
pub use rfqs::*;
pub use sample_tests::*;
pub use sourcing_waivers::*;
pub use stock::*;
pub use supplier_categories::*;
pub use supplier_evaluations::*;
pub use supplier_prices::*;
pub use supplier_qualifications::*;
pub use supplier_quotes::*;
pub use suppliers::*;

use crate::EventInfo;

/// The facts procurement tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<ItemChanged>("An item of stock was opened or changed."),
    EventInfo::of::<SupplierChanged>("A supplier was opened or changed."),
    EventInfo::of::<SupplierLicenceExpiring>("A supplier's licence ends soon."),
    EventInfo::of::<SupplierEliminated>("We buy there no more."),
    EventInfo::of::<SupplierQualified>("We may buy there, in this category."),
    EventInfo::of::<SupplierQualificationExpired>("A supplier's qualification in a category has ended."),
    EventInfo::of::<SupplierEvaluated>("A supplier's score of a year stands."),
    EventInfo::of::<StockChanged>("What is on hand, held or available changed."),
    EventInfo::of::<AvailabilityAnswered>("What an order asked for is held, or short, line by line."),
    EventInfo::of::<HoldClosed>("Held goods were shipped or set free."),
    EventInfo::of::<RequisitionSubmitted>("A requisition waits for its approvers."),
    EventInfo::of::<RequisitionApproved>("A requisition may be bought."),
    EventInfo::of::<RfqSent>("Suppliers were asked for quotes."),
    EventInfo::of::<RfqQuoteReceived>("A supplier answered a request for quotation."),
    EventInfo::of::<RfqRuleApplied>("The two lowest quotes were held against the rule of 5 %."),
    EventInfo::of::<RfqAwarded>("One supplier, or one for each line, was chosen."),
    EventInfo::of::<SampleTestCompleted>("A supplier's sample passed or failed."),
    EventInfo::of::<SourcingWaiverApproved>("Something may be bought without three quotes."),
    EventInfo::of::<RequisitionAutoCreated>("Goods are short or stock ran low: a requisition was drafted."),
    EventInfo::of::<ExpediteAccepted>("A shortage is bought in a hurry, by this time."),
    EventInfo::of::<RequisitionOverdue>("A requisition should have been ordered by now."),
    EventInfo::of::<PurchaseOrderSent>("A supplier has our order."),
    EventInfo::of::<PurchaseOrderReceived>("All of a purchase order is in stock."),
    EventInfo::of::<PurchaseOrderCancelled>("A purchase order ended before anything arrived."),
    EventInfo::of::<StockReceived>("Goods of a purchase order went into stock."),
    EventInfo::of::<StockFreed>("More of a stock can be promised than before."),
    EventInfo::of::<GoodsReceiptArrived>("Goods are at the gate and wait for their inspection."),
    EventInfo::of::<GoodsReceiptOverdue>("Goods were not inspected within four working hours."),
    EventInfo::of::<GoodsReceiptAccepted>("All or a part of a delivery passed the inspection."),
    EventInfo::of::<GoodsReceiptRejected>("Nothing of a delivery passed the inspection."),
    EventInfo::of::<DiscrepancyOpened>("Something is wrong with a delivery."),
    EventInfo::of::<DiscrepancyClosed>("What was wrong with a delivery is settled."),
];
