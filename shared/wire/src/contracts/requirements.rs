//! When an order needs a written contract (CON-18), and the exchange rates by which that is decided (ruling 7).
use super::{ClauseKind, ContractId};
use crate::{Amount, Currency, Day, Label, Moment, Money, crm::AccountId, id::id, resource::listed};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Above this gross, tax included, a contract comes first (CON-18, D-04: "超过" excludes the number itself). One figure for all
/// who ask: quoting, which chooses the route; orders, which waits; contracts, whose policy names no other. Quoting and orders
/// know no exchange rates: they read it in the document's own currency, and only contracts converts (D-15).
pub const CONTRACT_LIMIT: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 2);

id!(
    /// A policy on when a contract is required.
    ContractPolicyId,
    /// A rate of one day.
    ExchangeRateId
);
listed!(ContractPolicy, ExchangeRate);

/// An order to be judged; nothing is written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"order_total": {"amount": "100000.01", "currency": "CNY"},
    "account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "order_date": "2026-03-02"})))]
pub struct NewContractRequirement {
    /// Tax included (D-15).
    pub order_total: Money,
    pub account_id: AccountId,
    /// The day in China whose rate and policy hold.
    pub order_date: Day,
    /// Look at this contract only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_id: Option<ContractId>,
}

/// Does the order need a contract, and is there one?
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractRequirement {
    /// The total is more than the limit; the limit itself is not (D-04).
    pub required: bool,
    pub limit: Money,
    /// The total in the limit's currency.
    pub converted: Money,
    /// The policy's.
    pub policy_revision: i32,
    /// The clauses that the contract must have.
    pub clauses: Vec<ClauseKind>,
    /// Nothing is required, or an effective contract covers the order.
    pub satisfied: bool,
    /// Effective contracts of the account whose remainder covers the order, as far as the caller may see them.
    pub satisfied_by: Vec<CoveringContract>,
}
impl crate::Shown for ContractRequirement {}

/// An effective contract and what of it no order has used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CoveringContract {
    pub contract_id: ContractId,
    pub number: String,
    /// In the contract's currency, tax included.
    pub remaining: Money,
}

/// A policy as it is published; the one before holds until its day.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"limit": {"amount": "100000.00", "currency": "CNY"}, "clauses": ["delivery", "payment", "breach"],
    "effective_from": "2099-12-31", "reason": "内控制度修订"})))]
pub struct NewContractPolicy {
    /// An order of more than this, tax included, needs a contract.
    pub limit: Money,
    #[schema(min_items = 1, max_items = 11)]
    pub clauses: Vec<ClauseKind>,
    /// The day in China from which it holds, today or later.
    pub effective_from: Day,
    pub reason: Label,
}

/// A policy; published for ever.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractPolicy {
    pub id: ContractPolicyId,
    /// 1, 2, 3 …: of those whose day has come, the last holds.
    pub revision: i32,
    pub limit: Money,
    pub clauses: Vec<ClauseKind>,
    pub effective_from: Day,
    pub reason: String,
    pub published_by: String,
    pub published_at: Moment,
    pub version: i32,
}

/// States a day's rate.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"per_hundred": "712.3400", "source": "中国外汇交易中心"})))]
pub struct NewExchangeRate {
    /// Renminbi for 100 units of the currency, as the middle rates are quoted; more than 0.
    pub per_hundred: Amount,
    /// Who says so.
    pub source: Label,
}

/// A rate of one day. Stated anew, the old one stands in the audit log.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExchangeRate {
    pub id: ExchangeRateId,
    pub date: Day,
    pub currency: Currency,
    pub per_hundred: Amount,
    /// Who published the rate.
    pub source: String,
    /// Who wrote it down: `user:ann`.
    pub stated_by: String,
    pub stated_at: Moment,
    pub version: i32,
}
