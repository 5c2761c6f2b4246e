//! Finance reviews of orders: bodies and words (ORD-08).
use crate::{Action, CaseId, Label, Moment, id::id, orders::OrderId, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// Finance's look at price and invoice data.
    FinanceReviewId
);
words!(
    /// The life of a finance review: sent back, it is resubmitted and pending again.
    ReviewStatus {
        Pending => "pending" "待审核" "Pending",
        ApprovedToInvoice => "approved_to_invoice" "同意开具发票" "Approved to invoice",
        PriceAdjustRequired => "price_adjust_required" "需调整价格" "Price must be adjusted",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// What finance says of the order.
    ReviewResult {
        ApprovedToInvoice => "approved_to_invoice" "同意开具发票" "Approved to invoice",
        PriceAdjustRequired => "price_adjust_required" "需调整价格" "Price must be adjusted",
    }
);
words!(
    /// What a finding is about.
    FindingKind {
        Price => "price" "价格" "Price",
        Substitute => "substitute" "替代型号" "Another model",
        Invoice => "invoice" "开票信息" "Invoice data",
        Other => "other" "其他" "Other",
    }
);
resource!(FinanceReview);

/// Something finance saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    pub kind: FindingKind,
    pub note: Label,
}

/// The word of finance.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"result": "approved_to_invoice"})))]
pub struct CompleteReview {
    pub result: ReviewResult,
    /// At least one where the price must be adjusted.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub findings: Vec<Finding>,
}

/// A review as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FinanceReview {
    pub id: FinanceReviewId,
    pub status: ReviewStatus,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    /// 1, and one more with each resubmission.
    pub round: i32,
    /// Do the order's lines say what the accepted quote says, but for other models that the customer agreed to (each is
    /// among the findings)? Approval needs it.
    pub price_matches: bool,
    pub findings: Vec<Finding>,
    /// One working day after it was opened or resubmitted.
    pub due_at: Moment,
    pub calendar_id: String,
    /// When it was seen to be late; absent while it is not.
    pub overdue_at: Option<Moment>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
