//! Loyalty of customers (CRM-53): how often they come back, how long they have been here, how pleased they are. Computed, not kept,
//! but for a picture a quarter.
use crate::{Moment, Rate, Score, crm::AccountId, event::event, id::id};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A quarter's picture of all customers' loyalty.
    LoyaltySnapshotId
);

/// A customer's loyalty, from confirmed orders and answered surveys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Loyalty {
    pub account_id: AccountId,
    pub as_of: Moment,
    /// Confirmed in the 365 days before; cancelled ones do not count.
    pub orders: i64,
    /// Orders after the first one of the 365 days, of all of them; absent without orders.
    pub repurchase_rate: Option<Rate>,
    /// Since the first confirmed order ever; 0 without one.
    pub tenure_days: i64,
    /// Mean of the surveys answered in the 365 days, 1 to 5, two decimals.
    #[schema(value_type = Option<String>, examples("4.60"))]
    pub survey_mean: Option<Decimal>,
    /// 0 to 100: repurchase 40, tenure 20 (full after three years), surveys 40; what is not known is left out and the rest counts
    /// for the whole. Absent without orders.
    pub index: Option<Score>,
    /// The quarters that were kept, the latest first, eight at most.
    pub quarters: Vec<LoyaltyQuarter>,
}
impl crate::Shown for Loyalty {}

/// How it stood at the end of a quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoyaltyQuarter {
    /// `2026-Q3`
    pub quarter: String,
    pub index: Score,
}

/// A quarter's picture is complete (CRM-53).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LoyaltySnapshotTaken {
    pub loyalty_snapshot_id: LoyaltySnapshotId,
    /// `2026-Q3`.
    pub quarter: String,
    /// Customers with an order in the 365 days before.
    pub accounts: i64,
}
event!(LoyaltySnapshotTaken = "crm.loyalty.snapshot.v1");
