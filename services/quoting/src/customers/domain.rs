//! With whom there is no business any more. Pure: no async, no clock, no SQL.
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{
    Snapshot,
    crm::{AccountId, AccountMerged, AccountSnapshot},
};

platform::rules!(
    /// Why nothing new is made for a customer.
    CustomerRule {
        Merged { place: &'static str, number: String, into: String } => "customer.merged", Conflict, "customer {number} was merged into {into}: make it for that one", "客户 {number} 已合并至 {into}，请为后者办理", at "{place}";
        Gone { place: &'static str, number: String } => "customer.gone", Conflict, "customer {number} was merged or purged", "客户 {number} 已合并或清除", at "{place}";
    }
);

/// Two customers are one, as it is kept here: the one that is gone, and where it went. It happens to a customer once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merger {
    pub account_id: AccountId,
    pub into_account_id: AccountId,
    pub into_number: String,
    pub into_name: String,
}
impl Snapshot for Merger {
    const KIND: &'static str = "account_merger";
    fn id(&self) -> Uuid {
        self.account_id.into()
    }
    fn version(&self) -> i32 {
        1
    }
}
impl From<AccountMerged> for Merger {
    fn from(event: AccountMerged) -> Self {
        let AccountMerged { account_id, number: _, into_account_id, into_number, into_name } = event;
        Self { account_id, into_account_id, into_number, into_name }
    }
}

/// Is there no business with them any more?
pub fn is_gone(account: &AccountSnapshot) -> bool {
    ["merged", "purged"].contains(&account.status.as_str())
}

/// The refusal, which names who is there instead.
pub fn gone(account: &AccountSnapshot, survivor: Option<&Merger>, place: &'static str) -> CustomerRule {
    let number = account.number.clone();
    match survivor {
        Some(Merger { into_number, into_name, into_account_id, .. }) => {
            let into = format!("{into_number} {into_name} ({into_account_id})");
            CustomerRule::Merged { place, number, into }
        }
        None => CustomerRule::Gone { place, number },
    }
}
