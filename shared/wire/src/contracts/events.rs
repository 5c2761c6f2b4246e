//! What contracts tells others.
use super::{ClauseKind, Party};
use crate::{
    Day, ExternalRef, Moment, Money,
    crm::AccountId,
    event::event,
    id::id,
    line::{Line, Totals},
    orders::OrderId,
    quoting::{PaymentTerm, QuoteId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A contract.
    ContractId,
    /// A part of the price with its due date.
    PaymentMilestoneId,
    /// Money that came in.
    ReceiptId,
);

/// What orders needs of a contract (ruling 26).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractSnapshot {
    pub contract_id: ContractId,
    pub number: String,
    /// Set where the order came first and only waits for this contract (ruling 13).
    pub order_id: Option<OrderId>,
    pub quote_id: Option<QuoteId>,
    pub account_id: AccountId,
    pub account_name: String,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
    pub delivery_date: Option<Day>,
    /// How the customer accepts the goods and by which criteria (CON-29).
    pub acceptance_criteria: Vec<String>,
    /// Working days the customer has for it; absent where the contract says nothing.
    #[serde(default)]
    pub acceptance_working_days: Option<u16>,
    pub external_refs: Vec<ExternalRef>,
}

/// A draft stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractDrafted {
    #[serde(flatten)]
    pub contract: ContractSnapshot,
}
event!(ContractDrafted = "contracts.contract.drafted.v1");

/// The parties agree on clauses (CON-01).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClausesAgreed {
    pub contract_id: ContractId,
    pub number: String,
    pub kinds: Vec<ClauseKind>,
}
event!(ClausesAgreed = "contracts.clause.agreed.v1");

/// What was submitted is frozen under its hash (CON-09).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VersionCreated {
    pub contract_id: ContractId,
    pub number: String,
    pub revision: i32,
    /// SHA-256, hexadecimal.
    pub hash: String,
}
event!(VersionCreated = "contracts.version.created.v1");

/// The manager's step of the review is passed, with the four answers (CON-06).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ManagerPassed {
    pub contract_id: ContractId,
    pub number: String,
    pub revision: i32,
    /// The step's name in the policy.
    pub step: String,
    pub passed_at: Moment,
}
event!(ManagerPassed = "contracts.review.manager_passed.v1");

/// Legal's step of the review is passed (CON-07).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LegalPassed {
    pub contract_id: ContractId,
    pub number: String,
    pub revision: i32,
    /// The step's name in the policy.
    pub step: String,
    pub passed_at: Moment,
}
event!(LegalPassed = "contracts.review.legal_passed.v1");

/// All reviewers passed it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReviewCompleted {
    pub contract_id: ContractId,
    pub number: String,
    pub completed_at: Moment,
}
event!(ReviewCompleted = "contracts.review.completed.v1");

/// What a party signed is not what was approved (CON-12); the signature was not taken and the contract cannot bind until a
/// matching one is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SignatureMismatched {
    pub contract_id: ContractId,
    pub number: String,
    pub party: Party,
    /// SHA-256 of the approved version's document, hexadecimal.
    pub approved_sha256: String,
    /// What was signed instead.
    pub signed_sha256: String,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub attachment_id: Option<uuid::Uuid>,
}
event!(SignatureMismatched = "contracts.signature.mismatch.v1");

/// An order of more than the limit waits for a contract (CON-18); this one was drafted for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractRequired {
    pub order_id: OrderId,
    /// The order's.
    pub number: String,
    pub account_id: AccountId,
    /// Tax included.
    pub order_total: Money,
    pub limit: Money,
    /// The contract policy's.
    pub policy_revision: i32,
    pub contract_id: ContractId,
}
event!(ContractRequired = "contracts.contract.required.v1");

/// Both parties have signed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractSigned {
    pub contract_id: ContractId,
    pub number: String,
    pub signed_at: Moment,
}
event!(ContractSigned = "contracts.contract.signed.v1");

/// It binds (CON-17): creates the order, or releases the one that waits for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractEffective {
    #[serde(flatten)]
    pub contract: ContractSnapshot,
    pub effective_at: Moment,
}
event!(ContractEffective = "contracts.contract.effective.v1");

/// It will never bind; an order that waits for it has to look for another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractWithdrawn {
    pub contract_id: ContractId,
    pub number: String,
    pub order_id: Option<OrderId>,
    pub quote_id: Option<QuoteId>,
    pub reason: String,
}
event!(ContractWithdrawn = "contracts.contract.withdrawn.v1");

/// A milestone fell due (CON-20).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaymentDue {
    pub payment_milestone_id: PaymentMilestoneId,
    /// The contract's number, or the order's where there is no contract.
    pub number: String,
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    pub amount: Money,
    pub due_on: Day,
}
event!(PaymentDue = "contracts.payment.due.v1");

/// Its last day has passed and it is not paid (CON-20).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaymentOverdue {
    pub payment_milestone_id: PaymentMilestoneId,
    pub number: String,
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    pub account_id: AccountId,
    /// What is still open.
    pub open: Money,
    pub due_on: Day,
}
event!(PaymentOverdue = "contracts.payment.overdue.v1");

/// Nobody waits for this money any more (CON-20).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaymentWaived {
    pub payment_milestone_id: PaymentMilestoneId,
    pub number: String,
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    pub amount: Money,
    pub reason: String,
    /// Every milestone of the order is paid or waived.
    pub settled: bool,
}
event!(PaymentWaived = "contracts.payment.waived.v1");

/// Money was allocated (CON-27).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiptAllocated {
    pub receipt_id: ReceiptId,
    pub number: String,
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    pub amount: Money,
    /// Every milestone of the order is paid or waived.
    pub settled: bool,
}
event!(ReceiptAllocated = "contracts.receipt.allocated.v1");

/// Money that had been allocated was taken back (CON-27): a bounced bill, a wrong entry. One fact a milestone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiptReversed {
    pub receipt_id: ReceiptId,
    pub number: String,
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    pub amount: Money,
    pub reason: String,
    /// The rest of its milestone was waived: nobody waits for this money all the same.
    #[serde(default)]
    pub waived: bool,
}
event!(ReceiptReversed = "contracts.receipt.reversed.v1");

/// A contract whose plan was paid or waived in full before its order was known has learnt its order (CON-20): that order is
/// paid from the start.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaymentsSettled {
    pub contract_id: ContractId,
    /// The contract's.
    pub number: String,
    pub order_id: OrderId,
}
event!(PaymentsSettled = "contracts.payment.settled.v1");
