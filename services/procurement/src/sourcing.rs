//! What the slices of buying hand each other, as plain values: a wanted thing (requisition → request for quotation → order), an
//! award and a waiver (→ order). No SQL, no rule.
use rust_decimal::Decimal;
use uuid::Uuid;
use wire::{
    CaseId, Currency, Day, Money, Quantity, Rate,
    procurement::{RequisitionId, RfqId, SourcingWaiverId, SupplierId},
};

/// The currency of the approval tiers: what is drafted without a person, or waived, is in it. In another one the highest
/// tier decides (PLT-02).
pub const BASE: Currency = Currency::CNY;

/// A line of an approved requisition that is not ordered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub requisition_id: RequisitionId,
    pub requisition_line_id: Uuid,
    pub case_id: Option<CaseId>,
    /// Empty for what is no item of ours.
    pub sku: String,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    pub needed_on: Option<Day>,
}

/// What one supplier may be ordered from after a request for quotation (PRO-21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    pub rfq_id: RfqId,
    pub case_id: Option<CaseId>,
    pub supplier_id: SupplierId,
    pub currency: String,
    pub lines: Vec<AwardedLine>,
}

/// One line of an award, at the price that was quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardedLine {
    pub requisition_line_id: Uuid,
    pub sku: String,
    pub specification: String,
    pub quantity: Quantity,
    /// Net, for one unit.
    pub unit_price: Decimal,
    pub tax_rate: Rate,
    pub lead_time_days: i32,
}

/// An approved leave to buy these requisitions from one supplier without three quotes (D-06).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    pub waiver_id: SourcingWaiverId,
    pub supplier_id: SupplierId,
    pub requisition_ids: Vec<RequisitionId>,
    /// What was approved, tax included.
    pub total: Money,
}
