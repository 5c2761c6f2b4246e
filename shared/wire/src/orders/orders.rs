//! Orders: bodies and words (ORD-01 to 06, 09, 10).
use crate::{
    Action, CaseId, Code, Currency, Day, ExternalRef, Label, Moment, Name, Note, Patched, Quantity,
    contracts::ContractId,
    crm::AccountId,
    line::{Line, NewLine, Totals},
    orders::{HoldKind, OrderId, OrderOrigin, OrderShortage, ReviewStatus},
    page::page_query,
    procurement::HoldId,
    quoting::{LineVerified, PaymentTerm, QuoteId},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of an order (ORD-10); shortage and a missing contract are holds beside it (ruling 14).
    OrderStatus {
        Draft => "draft" "草稿" "Draft",
        Submitted => "submitted" "已提交" "Submitted",
        Checked => "checked" "已核对" "Checked",
        FinanceReviewed => "finance_reviewed" "财务已审核" "Reviewed by finance",
        Confirmed => "confirmed" "已确认" "Confirmed",
        InFulfilment => "in_fulfilment" "执行中" "In fulfilment",
        PartiallyShipped => "partially_shipped" "部分发货" "Partially shipped",
        Shipped => "shipped" "已发货" "Shipped",
        Delivered => "delivered" "已签收" "Delivered",
        Accepted => "accepted" "已验收" "Accepted",
        Completed => "completed" "已完成" "Completed",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// What procurement said of the goods (ORD-06).
    AvailabilityStatus {
        Unasked => "unasked" "未查询" "Not asked yet",
        Asked => "asked" "查询中" "Asked",
        Complete => "complete" "库存充足" "All held",
        Short => "short" "库存不足" "Short",
    }
);
resource!(Order);

/// Where the goods go and who receives them (ORD-03, 客户信息).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryAddress {
    /// Who receives the goods.
    pub recipient: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Code>,
    /// In one line, as the post wants it.
    pub address: Label,
}

/// An order without a quote or a contract (ORD-02, origin `direct`).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "currency": "CNY", "delivery_date": "2026-12-31",
    "lines": [{"sku": "PUMP-40", "quantity": "12", "unit_price": "1250.00", "tax_rate": "0.13"}]})))]
pub struct NewOrder {
    pub account_id: AccountId,
    pub currency: Currency,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<NewLine>,
    /// All due 30 days after acceptance if absent.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub payment_terms: Vec<PaymentTerm>,
    /// 交货期: the day, in Asia/Shanghai, by which the customer wants the goods.
    pub delivery_date: Day,
    #[serde(default)]
    pub delivery: Option<DeliveryAddress>,
    /// 客户要求: what the departments must know besides the lines.
    #[serde(default)]
    pub requirements: Option<Note>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Changes an order (RFC 7396): what is absent stays, `null` empties. Lines are replaced as a whole; those of a contract cannot be
/// changed, and once goods are held only prices can (when finance asks for it).
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    pub lines: Option<Vec<NewLine>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Day>)]
    pub delivery_date: Patched<Day>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<DeliveryAddress>)]
    pub delivery: Patched<DeliveryAddress>,
    /// 客户要求: what the departments must know besides the lines.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub requirements: Patched<Note>,
}

/// A line with what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderLine {
    #[serde(flatten)]
    pub line: Line,
    /// The product that this one takes the place of, as the customer agreed (ORD-07).
    #[serde(default)]
    pub substituted_for: Option<String>,
    /// Lost to bad quality and asked for again (ORD-19).
    #[serde(default)]
    pub scrapped: Quantity,
    /// In shipments that are not cancelled or returned.
    pub planned: Quantity,
    /// Handed over to a carrier.
    pub shipped: Quantity,
    /// Signed for.
    pub delivered: Quantity,
}

/// Something that keeps the order from going on (ruling 14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    pub kind: HoldKind,
    /// Why, where somebody placed it.
    pub reason: Option<String>,
    /// Who placed it: `user:ann`; `event:…` or `job:…` where a rule did.
    pub placed_by: String,
    pub placed_at: Moment,
    /// Who released it; absent while it holds.
    pub released_by: Option<String>,
    /// Absent while it holds.
    pub released_at: Option<Moment>,
}

/// When each step was taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderMoments {
    pub submitted_at: Option<Moment>,
    pub checked_at: Option<Moment>,
    pub confirmed_at: Option<Moment>,
    /// Finance let the warehouse ship (ORD-21).
    pub released_at: Option<Moment>,
    /// The last goods left.
    pub shipped_at: Option<Moment>,
    /// The last goods were signed for.
    pub delivered_at: Option<Moment>,
    pub accepted_at: Option<Moment>,
    /// All of it is paid.
    pub settled_at: Option<Moment>,
    /// Completed or cancelled.
    pub closed_at: Option<Moment>,
}

/// An order as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Order {
    pub id: OrderId,
    pub number: String,
    pub status: OrderStatus,
    pub origin: OrderOrigin,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub contract_id: Option<ContractId>,
    pub quote_id: Option<QuoteId>,
    pub lines: Vec<OrderLine>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
    pub delivery_date: Option<Day>,
    pub delivery: Option<DeliveryAddress>,
    /// 客户要求: what the departments must know besides the lines.
    pub requirements: Option<String>,
    /// How the customer will accept the goods (CON-29).
    pub acceptance_criteria: Vec<String>,
    /// Working days that the contract gives the customer for the acceptance; absent: seven.
    pub acceptance_working_days: Option<u16>,
    /// Oldest first, released ones included.
    pub holds: Vec<Hold>,
    /// Oldest first, resolved ones included (ORD-07).
    #[serde(default)]
    pub shortages: Vec<OrderShortage>,
    /// Where finance stands with it.
    pub finance_status: Option<ReviewStatus>,
    /// Work items not done yet; shipping waits for 0 (ORD-20).
    pub open_work_items: i32,
    /// Final inspections still to be made; shipping waits for 0 (ORD-20).
    #[serde(default)]
    pub open_inspections: i32,
    /// Goods that did not pass and are not mended or scrapped; shipping waits for 0 (ORD-20).
    #[serde(default)]
    pub open_nonconformities: i32,
    /// The roles of whoever entered it (D-10); absent where an event did.
    pub entered_as: Option<String>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub moments: OrderMoments,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Why an order is held, resumed or cancelled.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderReason {
    pub reason: Label,
}

/// What procurement holds for an order (ORD-06: "XX 型号库存仅剩 5 台").
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderAvailability {
    pub order_id: OrderId,
    pub number: String,
    pub status: AvailabilityStatus,
    pub hold_id: Option<HoldId>,
    pub answered_at: Option<Moment>,
    pub lines: Vec<LineAvailability>,
}
impl crate::Shown for OrderAvailability {}

/// One line's goods.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LineAvailability {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub line_number: i32,
    pub sku: String,
    pub requested: Quantity,
    /// Held for this order; absent until procurement has answered.
    pub available: Option<Quantity>,
    pub short: Option<Quantity>,
}

/// Do the order's lines say what the accepted quote says? (ORD-05, 08; QUO-15)
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PriceCheck {
    /// Absent where the order has no quote to compare with.
    pub quote_id: Option<QuoteId>,
    /// Every line says what the quote says.
    pub matches: bool,
    pub lines: Vec<LineVerified>,
}
impl crate::Shown for PriceCheck {}

page_query!(
    /// Filters of the lists of what belongs to orders.
    OrderPartQuery {
        /// Only of one order.
        #[param(value_type = Option<String>, format = Uuid)]
        order_id: Uuid,
    }
);
