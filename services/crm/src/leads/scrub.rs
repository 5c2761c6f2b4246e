//! What a purge leaves of a lead (CRM-31). Pure: no async, no clock, no SQL.
use super::domain::Lead;
use crate::names::name_key;
use platform::Change;
use wire::{crm::LeadUpdated, json::Kept};

impl Lead {
    /// Nothing is known any more of the customer that it became or was about. Number, state and points remain, and the ids that
    /// other systems know it by.
    pub fn scrub(self) -> Change<Self> {
        let mut next = self.next();
        (next.name, next.name_key) = (next.number.clone(), name_key(&next.number));
        (next.contact_name, next.contact_phone, next.phone_key, next.contact_email) = (None, None, None, None);
        (next.need, next.reason, next.touches) = (None, None, Kept(Vec::new()));
        for line in next.score.iter_mut().flat_map(|Kept(score)| &mut score.lines) {
            line.reason = None;
        }
        let event = LeadUpdated(next.snapshot());
        Change::new("purge", next).emit(&event)
    }
}
