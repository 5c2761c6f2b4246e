//! What is heard of customers beyond their snapshots, which quotes keep. No SQL.
use super::domain::Merger;
use platform::Subscriptions;
use wire::crm::AccountMerged;

/// Who is there instead of whom.
pub fn consumers(on: &mut Subscriptions) {
    on.replicate::<AccountMerged, Merger>("keep-account-merged");
}
