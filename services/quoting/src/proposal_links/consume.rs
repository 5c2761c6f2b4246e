//! What links hear. No SQL.
use platform::Subscriptions;
use wire::crm::{ContactCreated, ContactSnapshot, ContactUpdated};

/// Replicas of the customers' people.
pub fn consumers(on: &mut Subscriptions) {
    on.replicate::<ContactCreated, ContactSnapshot>("keep-contact-created");
    on.replicate::<ContactUpdated, ContactSnapshot>("keep-contact-updated");
}
