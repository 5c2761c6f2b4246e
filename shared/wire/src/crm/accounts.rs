//! Accounts: the customers, as other services know them.
use crate::{Snapshot, id::id, snapshot::snapshots};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A customer.
    AccountId,
    /// A person at a customer.
    ContactId,
    /// A chance to sell.
    OpportunityId,
    /// What the customer needs, written down and confirmed.
    RequirementSpecId,
);

/// A customer at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountSnapshot {
    pub id: AccountId,
    pub number: String,
    pub name: String,
    pub status: String,
    pub version: i32,
}
impl Snapshot for AccountSnapshot {
    const KIND: &'static str = "account";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(AccountSnapshot =>
    /// A customer was opened.
    AccountCreated = "crm.account.created.v1",
    /// Its name, status or grade changed.
    AccountUpdated = "crm.account.updated.v1",
);
