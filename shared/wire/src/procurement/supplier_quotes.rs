//! 《询价记录表》: what suppliers answer to a request for quotation, and how the answers compare (PRO-17 to PRO-19).
use super::{RfqId, RfqInvitationStatus, RfqRuling, RfqWeights, SupplierId};
use crate::{
    Amount, Currency, Day, Evidence, Label, Moment, Money, Name, Note, Quantity, Rate, event::event, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// What a quote lacks.
    QuoteFaultKind {
        MissingLine => "missing_line" "缺少报价行" "A line is not quoted",
        Quantity => "quantity" "数量不符" "Another quantity is quoted",
    }
);

/// One quoted line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierQuoteLine {
    #[schema(value_type = String, format = Uuid)]
    pub requisition_line_id: Uuid,
    /// Net, for one unit, delivered to us.
    pub unit_price: Amount,
    #[serde(default)]
    pub tax_rate: Rate,
    pub quantity: Quantity,
    /// Days from order to arrival.
    #[schema(minimum = 0, maximum = 3650)]
    pub lead_time_days: u16,
    /// Who makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Name>,
}

/// A supplier's answer, recorded by the buyer; recorded again, it replaces the one before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordSupplierQuote {
    pub supplier_id: SupplierId,
    pub currency: Currency,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<SupplierQuoteLine>,
    /// 售后服务承诺, in the supplier's words.
    pub after_sales: Note,
    /// What the buyer makes of it, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub after_sales_score: u8,
    /// What the buyer makes of brand and quality, 1 to 5; what nobody has judged earns no points.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub quality_score: Option<u8>,
    /// Last day on which the supplier stands by it, in Asia/Shanghai.
    pub valid_until: Day,
    /// How, by whom and when the supplier answered: by `at` it is in time or late.
    pub evidence: Evidence,
    /// Why it counts although it is late; without one it is kept and does not count.
    #[serde(default)]
    pub late_reason: Option<Label>,
}

/// A supplier's answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplierQuote {
    pub currency: Currency,
    pub lines: Vec<SupplierQuoteLine>,
    /// 售后服务承诺, in the supplier's words.
    pub after_sales: String,
    /// What the buyer makes of the after-sales promise, 1 to 5.
    pub after_sales_score: u8,
    /// What the buyer makes of brand and quality, 1 to 5; absent where nobody has judged.
    pub quality_score: Option<u8>,
    pub valid_until: Day,
    pub evidence: Evidence,
    /// Why it counts although it is late; without one it does not.
    pub late_reason: Option<String>,
    pub recorded_by: String,
    pub recorded_at: Moment,
}

/// The supplier does not quote, or takes its quote back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineInvitation {
    pub supplier_id: SupplierId,
    pub reason: Label,
}

/// A late quote counts after all.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdmitLateQuote {
    pub supplier_id: SupplierId,
    pub reason: Label,
}

/// All quotes side by side, computed anew on each read (PRO-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfqComparison {
    pub rfq_id: RfqId,
    pub currency: Currency,
    pub weights: RfqWeights,
    /// Cheapest first; those that do not count last.
    pub suppliers: Vec<ComparedSupplier>,
    pub lines: Vec<ComparedLine>,
    /// What the best of each line would come to together, tax included; absent where a line has no quote.
    pub split_total: Option<Amount>,
    pub ruling: RfqRuling,
    /// Whom the rule would choose now.
    pub recommended_supplier_id: Option<SupplierId>,
}
impl crate::Shown for RfqComparison {}

/// One supplier's column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparedSupplier {
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub status: RfqInvitationStatus,
    /// Has a quote that is in time, or late with a reason.
    pub counted: bool,
    /// Counted, every line in the wanted quantity: only such quotes are ranked.
    pub compliant: bool,
    pub faults: Vec<QuoteFault>,
    /// Delivered, tax included.
    pub total: Option<Amount>,
    /// Of the slowest line.
    pub lead_time_days: Option<u16>,
    /// What the buyer makes of the after-sales promise, 1 to 5.
    pub after_sales_score: Option<u8>,
    /// What the buyer makes of brand and quality, 1 to 5; absent where nobody has judged.
    pub quality_score: Option<u8>,
    pub valid_until: Option<Day>,
    pub points: Option<QuotePoints>,
    /// Somebody recommended it: shown, and of no weight (PRO-37).
    pub recommended: bool,
    /// Its latest sample test was passed (PRO-20).
    pub sample_passed: bool,
}

/// What a compliant quote earns, of 100 each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuotePoints {
    /// Lowest total / own total.
    pub price: Quantity,
    pub quality: Quantity,
    /// (shortest lead time + 1) / (own + 1), in days.
    pub delivery: Quantity,
    pub after_sales: Quantity,
    /// By the weights.
    pub weighted: Quantity,
}

/// What is wrong with one line of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteFault {
    #[schema(value_type = String, format = Uuid)]
    pub requisition_line_id: Uuid,
    pub kind: QuoteFaultKind,
}

/// One line over all suppliers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparedLine {
    #[schema(value_type = String, format = Uuid)]
    pub requisition_line_id: Uuid,
    pub sku: String,
    pub quantity: Quantity,
    /// Cheapest first.
    pub offers: Vec<LineOffer>,
    pub best_supplier_id: Option<SupplierId>,
}

/// What one supplier wants for a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineOffer {
    pub supplier_id: SupplierId,
    /// Delivered, tax included.
    pub total: Amount,
    pub lead_time_days: u16,
    /// Who makes it.
    pub brand: Option<String>,
}

/// A supplier answered (PRO-17).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RfqQuoteReceived {
    pub rfq_id: RfqId,
    pub number: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    /// `received` or `late`.
    pub status: RfqInvitationStatus,
    /// Of what is quoted, tax included.
    pub total: Money,
}
event!(RfqQuoteReceived = "procurement.rfq.quote_received.v1");
