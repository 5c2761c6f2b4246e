//! Requests for quotation: bodies and words (PRO-16, PRO-21, PRO-37). What suppliers answer stands in `supplier_quotes`.
use super::{RequisitionId, RfqId, SourcingWaiverId, SupplierId, SupplierQuote};
use crate::{
    Action, Amount, CaseId, Code, Currency, Day, Label, Moment, Note, Patched, Quantity, Rate, event::event,
    page::page_query, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a request for quotation (PRO-16).
    RfqStatus {
        Draft => "draft" "草稿" "Draft",
        Sent => "sent" "已发出" "Sent",
        Quoting => "quoting" "报价中" "Quoting",
        Closed => "closed" "已截止" "Closed",
        Evaluated => "evaluated" "已评审" "Evaluated",
        Awarded => "awarded" "已定标" "Awarded",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// How far one supplier is with its answer (PRO-17).
    RfqInvitationStatus {
        Invited => "invited" "已邀请" "Invited",
        Received => "received" "已报价" "Quote received",
        Declined => "declined" "已谢绝" "Declined",
        Late => "late" "逾期报价" "Quoted late",
    }
);
words!(
    /// What the choice rests on (PRO-19, D-05).
    AwardBasis {
        ServiceBrand => "service_brand" "服务与品牌" "Service and brand",
        SampleTest => "sample_test" "样品测试" "Sample test",
        OnlyQuote => "only_quote" "唯一可比报价" "The only comparable quote",
    }
);
resource!(Rfq);

/// What counts how much when quotes are compared (PRO-18): percent, together 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RfqWeights {
    /// What the price counts, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub price: u8,
    /// What brand and quality count, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub quality: u8,
    /// What the lead time counts, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub delivery: u8,
    /// What the after-sales promise counts, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub after_sales: u8,
}

/// A supplier to be asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitedSupplier {
    pub supplier_id: SupplierId,
    /// Who recommended it and why (PRO-37): shown with it, and no reason to award to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Label>,
}

/// A request for quotation as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"requisition_ids": ["01932c5e-7b1a-7c3d-9e4f-0123456789ab"], "currency": "CNY", "due_on": "2026-12-31",
    "inquiry": "请报产品规格、单价、交货期及售后服务承诺。", "suppliers": [{"supplier_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ac"}]})))]
pub struct NewRfq {
    /// Approved requisitions whose open lines are wanted.
    #[schema(min_items = 1, max_items = 50)]
    pub requisition_ids: Vec<RequisitionId>,
    /// Only these of their lines; all that are open if empty.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub requisition_line_ids: Vec<Uuid>,
    /// The category in which the suppliers have to be qualified (PRO-15).
    #[serde(default)]
    pub category: Option<Code>,
    /// In which quotes are compared.
    pub currency: Currency,
    /// Last day for quotes, in Asia/Shanghai.
    pub due_on: Day,
    /// 40/20/20/20 unless the data says otherwise.
    #[serde(default)]
    pub weights: Option<RfqWeights>,
    /// 询价函: asks for product details and price.
    pub inquiry: Note,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub suppliers: Vec<InvitedSupplier>,
    /// Leave to ask fewer than three (D-06).
    #[serde(default)]
    pub sourcing_waiver_id: Option<SourcingWaiverId>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties; suppliers are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RfqPatch {
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Code>)]
    pub category: Patched<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub weights: Option<RfqWeights>,
    /// 询价函: what the suppliers read; asks for product details and price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub inquiry: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub suppliers: Option<Vec<InvitedSupplier>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<SourcingWaiverId>)]
    pub sourcing_waiver_id: Patched<SourcingWaiverId>,
}

/// More suppliers to be asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteSuppliers {
    #[schema(min_items = 1, max_items = 20)]
    pub suppliers: Vec<InvitedSupplier>,
}

/// Why it ends.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RfqReason {
    pub reason: Label,
}

/// Which line goes to whom.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwardLine {
    #[schema(value_type = String, format = Uuid)]
    pub requisition_line_id: Uuid,
    pub supplier_id: SupplierId,
}

/// The choice (PRO-21): one supplier for all, or one for each line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwardRfq {
    /// Gets all of it. Not together with `lines`.
    #[serde(default)]
    pub supplier_id: Option<SupplierId>,
    /// Every line, if it is split.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub lines: Vec<AwardLine>,
    /// As the evaluation found it.
    pub basis: AwardBasis,
    /// Required where the choice is not the recommended one.
    #[serde(default)]
    pub reason: Option<Label>,
    /// The awarder has no interest in the supplier: must be said of one that somebody recommended (PRO-37).
    #[serde(default)]
    pub no_conflict_of_interest: bool,
}

/// A request for quotation as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Rfq {
    pub id: RfqId,
    pub number: String,
    pub status: RfqStatus,
    /// The deal it belongs to, if all of its requisitions belong to one.
    pub case_id: Option<CaseId>,
    pub category: Option<String>,
    pub currency: Currency,
    pub due_on: Day,
    pub weights: RfqWeights,
    /// 询价函: what the suppliers read; asks for product details and price.
    pub inquiry: String,
    pub requisition_ids: Vec<RequisitionId>,
    pub lines: Vec<RfqLine>,
    pub invitations: Vec<RfqInvitation>,
    pub sourcing_waiver_id: Option<SourcingWaiverId>,
    /// What the rule of 5 % said when the quotes were evaluated.
    pub ruling: Option<RfqRuling>,
    pub award: Option<RfqAward>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// One wanted thing; it stays the requisition's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfqLine {
    pub requisition_id: RequisitionId,
    #[schema(value_type = String, format = Uuid)]
    pub requisition_line_id: Uuid,
    pub line_number: i32,
    pub sku: String,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    pub needed_on: Option<Day>,
}

/// One supplier that was asked, and what it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfqInvitation {
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub status: RfqInvitationStatus,
    /// Somebody recommended it (PRO-37).
    pub recommended: bool,
    /// Who recommended it and why (PRO-37): no reason to award to it.
    pub recommendation: Option<String>,
    /// Why it declined.
    pub reason: Option<String>,
    pub quote: Option<SupplierQuote>,
}

/// What the rule of PRO-19 said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfqRuling {
    pub basis: AwardBasis,
    pub lowest: Option<RuledQuote>,
    pub second: Option<RuledQuote>,
    /// (second − lowest) / lowest, in percent, cut after 4 decimals; absent with fewer than two quotes, or a lowest of 0.
    pub difference_percent: Option<Quantity>,
}

/// One of the two lowest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuledQuote {
    pub supplier_id: SupplierId,
    /// Delivered, tax included.
    pub total: Amount,
}

/// The choice, as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfqAward {
    pub basis: AwardBasis,
    /// What the rule recommended.
    pub recommended_supplier_id: Option<SupplierId>,
    /// Why not the recommended one.
    pub reason: Option<String>,
    /// The awarder said that they have no interest in the supplier (PRO-37).
    pub no_conflict_of_interest: bool,
    /// Who chose: `user:ann`.
    pub awarded_by: String,
    pub awarded_at: Moment,
    pub lines: Vec<RfqAwardLine>,
}

impl RfqAward {
    /// Those who get something, each once.
    #[must_use]
    pub fn suppliers(&self) -> BTreeSet<SupplierId> {
        self.lines.iter().map(|line| line.supplier_id).collect()
    }
}

/// One line of it, at the price that was quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RfqAwardLine {
    pub requisition_id: RequisitionId,
    #[schema(value_type = String, format = Uuid)]
    pub requisition_line_id: Uuid,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub sku: String,
    pub specification: String,
    pub quantity: Quantity,
    /// Net, for one unit, delivered.
    pub unit_price: Amount,
    pub tax_rate: Rate,
    pub lead_time_days: u16,
}

page_query!(
    /// Filters of the list.
    RfqQuery {
        /// Only those that want something of this requisition.
        #[param(value_type = Option<String>, format = Uuid)]
        requisition_id: Uuid,
        /// Only those that this supplier was asked in.
        #[param(value_type = Option<String>, format = Uuid)]
        supplier_id: Uuid,
    }
);

/// The suppliers have the inquiry (PRO-16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RfqSent {
    pub rfq_id: RfqId,
    pub number: String,
    pub category: Option<String>,
    pub due_on: Day,
    pub requisition_ids: Vec<RequisitionId>,
    pub supplier_ids: Vec<SupplierId>,
    /// The leave under which fewer than three were asked.
    pub sourcing_waiver_id: Option<SourcingWaiverId>,
}
event!(RfqSent = "procurement.rfq.sent.v1");

/// The rule of 5 % was applied to the two lowest quotes (PRO-19).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RfqRuleApplied {
    pub rfq_id: RfqId,
    pub number: String,
    pub currency: Currency,
    #[serde(flatten)]
    pub ruling: RfqRuling,
}
event!(RfqRuleApplied = "procurement.rfq.rule_applied.v1");

/// Somebody gets the business (PRO-21).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RfqAwarded {
    pub rfq_id: RfqId,
    pub number: String,
    pub currency: Currency,
    #[serde(flatten)]
    pub award: RfqAward,
}
event!(RfqAwarded = "procurement.rfq.awarded.v1");
