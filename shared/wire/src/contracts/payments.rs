//! Payment milestones (CON-20) and receipts of money (CON-27): bodies and words.
use super::{ContractId, PaymentMilestoneId, ReceiptId};
use crate::{
    Action, Amount, CaseId, Day, ExternalRef, Moment, Money, Reference, crm::AccountId, id::id, orders::OrderId,
    page::page_query, quoting::PaymentTrigger, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A part of a receipt that pays a milestone.
    AllocationId
);
words!(
    /// The life of a milestone; `overdue` stands beside it.
    PaymentMilestoneStatus {
        Pending => "pending" "未到期" "Pending",
        Due => "due" "应付" "Due",
        PartiallyPaid => "partially_paid" "部分支付" "Partially paid",
        Paid => "paid" "已付清" "Paid",
        Waived => "waived" "已豁免" "Waived",
    }
);
words!(
    /// The life of a receipt.
    ReceiptStatus {
        Recorded => "recorded" "已登记" "Recorded",
        Allocated => "allocated" "已分配" "Allocated",
        Reversed => "reversed" "已冲销" "Reversed",
    }
);
words!(
    /// How the money came.
    ReceiptChannel {
        BankTransfer => "bank_transfer" "银行转账" "Bank transfer",
        AcceptanceBill => "acceptance_bill" "承兑汇票" "Acceptance bill",
        Cheque => "cheque" "支票" "Cheque",
        Cash => "cash" "现金" "Cash",
        Online => "online" "在线支付" "Online payment",
    }
);
resource!(PaymentMilestone, Receipt);

/// A part of the price, with what makes it due.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaymentMilestone {
    pub id: PaymentMilestoneId,
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    /// The contract's number, or the order's where there is no contract.
    pub number: String,
    /// 1, 2, 3 … within its contract or order.
    pub position: i32,
    /// What people call this part: 预付款, 尾款.
    pub label: String,
    pub trigger: PaymentTrigger,
    /// Days after the trigger.
    pub due_days: i32,
    pub status: PaymentMilestoneStatus,
    pub amount: Money,
    pub paid: Amount,
    /// amount − paid; 0 once waived.
    pub open: Amount,
    /// The last day to pay, in Asia/Shanghai; absent while nothing has triggered it.
    pub due_on: Option<Day>,
    /// Its last day is over, and something is open.
    pub overdue: bool,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    /// Why it was waived.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Filters of the list.
    PaymentMilestoneQuery {
        /// Only of one contract.
        #[param(value_type = Option<String>, format = Uuid)]
        contract_id: Uuid,
        /// Only of one order.
        #[param(value_type = Option<String>, format = Uuid)]
        order_id: Uuid,
        /// Only of one customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
        /// Only what is overdue, or only what is not.
        overdue: bool,
    }
);

/// Money that came in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "amount": {"amount": "16102.50", "currency": "CNY"},
    "received_on": "2026-03-02", "channel": "bank_transfer", "reference": "FT20260302-0001"})))]
pub struct NewReceipt {
    pub account_id: AccountId,
    /// More than 0.
    pub amount: Money,
    /// In Asia/Shanghai; not in the future.
    pub received_on: Day,
    pub channel: ReceiptChannel,
    /// The bank's own reference.
    #[serde(default)]
    pub reference: Option<Reference>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Pays milestones from a receipt; several calls may follow each other until nothing is left.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"allocations": [{"payment_milestone_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "amount": "16102.50"}]})))]
pub struct AllocateReceipt {
    #[schema(min_items = 1, max_items = 100)]
    pub allocations: Vec<NewAllocation>,
}

/// A part of a receipt for one milestone, in the receipt's currency.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAllocation {
    pub payment_milestone_id: PaymentMilestoneId,
    /// More than 0; never more than is open.
    pub amount: Amount,
}

/// A part of a receipt that paid a milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Allocation {
    pub id: AllocationId,
    pub payment_milestone_id: PaymentMilestoneId,
    pub amount: Amount,
    pub at: Moment,
    pub by: String,
}

/// A receipt as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    pub id: ReceiptId,
    pub number: String,
    /// `allocated` once nothing is left.
    pub status: ReceiptStatus,
    pub account_id: AccountId,
    pub account_name: String,
    pub amount: Money,
    pub allocated: Amount,
    /// amount − allocated.
    pub unallocated: Amount,
    pub received_on: Day,
    pub channel: ReceiptChannel,
    /// The bank's own reference.
    pub reference: Option<String>,
    pub allocations: Vec<Allocation>,
    /// Why it was reversed.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    pub created_by: String,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
