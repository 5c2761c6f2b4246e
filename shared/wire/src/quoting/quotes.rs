//! Quotes: bodies, words and facts (QUO-06, 09, 10, 15).
pub use crate::line::{PaymentTerm, PaymentTrigger};
use crate::{
    Action, Amount, CaseId, Code, Currency, Day, Evidence, ExternalRef, Label, Moment, Note, Patched, Quantity, Rate,
    crm::{AccountId, OpportunityId, RequirementSpecId},
    event::event,
    id::id,
    line::{Line, NewLine, Totals},
    page::page_query,
    quoting::{CostSheetId, ProposalId, RateCardId},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A quote, one per revision.
    QuoteId
);
words!(
    /// The life of a quote (QUO-06).
    QuoteStatus {
        Draft => "draft" "草稿" "Draft",
        PendingApproval => "pending_approval" "待审批" "Pending approval",
        Approved => "approved" "已批准" "Approved",
        Issued => "issued" "已发出" "Issued",
        Negotiating => "negotiating" "洽谈中" "Negotiating",
        Accepted => "accepted" "客户已接受" "Accepted",
        Rejected => "rejected" "客户已拒绝" "Rejected",
        Expired => "expired" "已过期" "Expired",
        Withdrawn => "withdrawn" "已撤回" "Withdrawn",
        Superseded => "superseded" "已被新版本取代" "Superseded",
    }
);
words!(
    /// Which document an accepted quote becomes (ruling 13, D-08).
    Route {
        Contract => "contract" "先签合同" "Contract first",
        Order => "order" "直接下单" "Order first",
    }
);
words!(
    /// What a line sells (QUO-11).
    LineKind {
        Product => "product" "产品" "A product",
        Service => "service" "服务" "Hours of work",
    }
);
resource!(Quote);

/// A line as it is asked for. Without a price it is priced by the policy in force (QUO-05); a service's price is its hour's
/// (QUO-11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuoteLine {
    /// `product` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<LineKind>,
    pub sku: Code,
    /// Shown to the customer; the product's name if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Label>,
    /// More than 0; of a service absent, or its hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Net, for one unit, in the document's currency: set by hand. Of a service absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Amount>,
    /// Share taken off the net, 0 if absent.
    #[serde(default)]
    pub discount_rate: Rate,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
    /// Of a service, and of it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<NewServiceEstimate>,
}

/// Whose hours, how many, and for how much (QUO-11): hours × rate is the line's net price, its discount taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceEstimate {
    pub rate_card_id: RateCardId,
    /// More than 0.
    pub est_hours: Quantity,
    /// Of one hour, net; the card's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Amount>,
    /// Why an hour, the line's discount taken off, costs another amount than the card says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation_reason: Option<Label>,
}

/// Hours of a line as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceEstimate {
    pub rate_card_id: RateCardId,
    pub est_hours: Quantity,
    pub rate: Amount,
    /// Why an hour costs something else here than the rate card says.
    pub deviation_reason: Option<String>,
}

/// A line as it stands in a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteLine {
    #[serde(flatten)]
    pub line: Line,
    pub kind: LineKind,
    /// Somebody set its price by hand.
    pub manual: bool,
    /// The least unit price, discount taken off, that needs no further approver.
    pub price_floor: Option<Amount>,
    /// There is a least price that nobody can figure, for want of a list price: it needs a further approver.
    pub floor_unknown: bool,
    /// Of a service.
    pub service: Option<ServiceEstimate>,
}

/// A quote as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "currency": "CNY", "valid_until": "2026-12-31",
    "lines": [{"sku": "PUMP-40", "quantity": "12", "unit_price": "1250.00", "discount_rate": "0.05", "tax_rate": "0.13"}]})))]
pub struct NewQuote {
    pub account_id: AccountId,
    /// The opportunity whose deal it belongs to; without one the quote opens a case of its own.
    #[serde(default)]
    pub opportunity_id: Option<OpportunityId>,
    /// What the customer needs; the quote is issued only once the customer has confirmed it (QUO-03).
    #[serde(default)]
    pub requirement_spec_id: Option<RequirementSpecId>,
    /// What it costs us; the quote is submitted only once finance has locked it (QUO-04).
    #[serde(default)]
    pub cost_sheet_id: Option<CostSheetId>,
    pub currency: Currency,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<NewQuoteLine>,
    /// All due within 30 days of acceptance if absent.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub payment_terms: Vec<PaymentTerm>,
    /// Last day on which the customer can accept, in Asia/Shanghai.
    pub valid_until: Day,
    /// When the customer wants it.
    #[serde(default)]
    pub delivery_date: Option<Day>,
    #[serde(default)]
    pub note: Option<Note>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties; lines and terms are replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotePatch {
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<RequirementSpecId>)]
    pub requirement_spec_id: Patched<RequirementSpecId>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<CostSheetId>)]
    pub cost_sheet_id: Patched<CostSheetId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    pub lines: Option<Vec<NewQuoteLine>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub payment_terms: Option<Vec<PaymentTerm>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_until: Option<Day>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Day>)]
    pub delivery_date: Patched<Day>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub note: Patched<Note>,
}

/// A quote as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    pub id: QuoteId,
    pub number: String,
    /// 1, 2, 3 …: revisions keep the number (QUO-10).
    pub revision: i32,
    pub status: QuoteStatus,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub opportunity_id: Option<OpportunityId>,
    pub requirement_spec_id: Option<RequirementSpecId>,
    pub cost_sheet_id: Option<CostSheetId>,
    pub lines: Vec<QuoteLine>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
    pub valid_until: Day,
    pub delivery_date: Option<Day>,
    /// Chosen by policy when the customer accepts.
    pub route: Option<Route>,
    pub note: Option<String>,
    /// Why it was returned, rejected or withdrawn.
    pub reason: Option<String>,
    /// What shows the customer's decision.
    pub evidence: Option<Evidence>,
    pub external_refs: Vec<ExternalRef>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub issued_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    /// The proposal that it went to the customer with, and which decides about it.
    #[serde(default)]
    pub proposal_id: Option<ProposalId>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

words!(
    /// Orders in which quotes are listed.
    QuoteSort {
        Newest => "newest" "最新优先" "Newest first",
        Oldest => "oldest" "最早优先" "Oldest first",
        Gross => "gross" "含税金额从高到低" "Largest amount first",
        ValidUntil => "valid_until" "有效期从早到晚" "First to expire first",
    }
);
page_query!(
    /// What the list of quotes takes.
    QuoteQuery {
        /// The order; `newest` if absent. All pages of a list are asked for with the same one. Amounts are compared as they stand, whatever their currency.
        #[param(inline)]
        sort: QuoteSort,
        /// Words, each of them found in the number, the customer's name or the note, whatever its case and width.
        #[param(max_length = 200)]
        q: String,
        /// Only quotes to one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: AccountId,
        /// Only quotes of one opportunity.
        #[param(value_type = Option<String>, format = Uuid)]
        opportunity_id: OpportunityId,
        /// Only quotes of this person.
        #[param(max_length = 128)]
        owner_id: String,
    }
);

/// The customer's yes, recorded on their behalf (ruling 16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptQuote {
    pub evidence: Evidence,
}

/// Why.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub reason: Label,
}

/// Why, where somebody has something to say.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionalReason {
    /// Kept in the audit log.
    #[serde(default)]
    pub reason: Option<Label>,
}

/// Do these lines say what the quote says? (QUO-15)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyLines {
    #[schema(max_items = 500)]
    pub lines: Vec<NewLine>,
}

/// Line by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinesVerified {
    /// Nothing differs.
    pub matches: bool,
    pub lines: Vec<LineVerified>,
}
impl crate::Shown for LinesVerified {}

/// One compared line; `differences` names the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineVerified {
    pub line_number: i32,
    pub sku: String,
    /// Nothing differs.
    pub matches: bool,
    /// Names of the line's fields that differ.
    pub differences: Vec<String>,
}

/// What the next service needs of a quote, so that it need not ask (ruling 26).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuoteSnapshot {
    pub quote_id: QuoteId,
    pub number: String,
    pub revision: i32,
    pub account_id: AccountId,
    pub account_name: String,
    pub opportunity_id: Option<OpportunityId>,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
    pub delivery_date: Option<Day>,
    pub external_refs: Vec<ExternalRef>,
}

/// Sent to the customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuoteIssued {
    #[serde(flatten)]
    pub quote: QuoteSnapshot,
    pub valid_until: Day,
}
event!(QuoteIssued = "quoting.quote.issued.v1");

/// A new revision replaces the one the customer has.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuoteRevised {
    pub quote_id: QuoteId,
    pub number: String,
    pub revision: i32,
    /// The revision that the new one takes the place of.
    #[schema(value_type = String, format = Uuid)]
    pub superseded_id: Uuid,
}
event!(QuoteRevised = "quoting.quote.revised.v1");

/// The customer said yes: contracts or orders go on, by `route`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuoteAccepted {
    #[serde(flatten)]
    pub quote: QuoteSnapshot,
    pub route: Route,
    pub accepted_at: Moment,
}
event!(QuoteAccepted = "quoting.quote.accepted.v1");

/// The customer said no, it was withdrawn, or its time ran out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuoteClosed {
    pub quote_id: QuoteId,
    pub number: String,
    pub status: QuoteStatus,
    pub reason: Option<String>,
}
event!(QuoteClosed = "quoting.quote.closed.v1");
