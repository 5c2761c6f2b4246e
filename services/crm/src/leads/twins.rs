//! The rules of two leads that are one (CRM-07, ruling 15). Pure: no async, no clock, no SQL.
use super::domain::{Lead, LeadRule, MOST_REFS, MOST_TOUCHES};
use crate::names::phone_key;
use platform::{Change, Machine};
use wire::{
    EmailAddress,
    crm::{CaseMerged, LeadDuplicateDetected, LeadMerged, LeadStatus as Status, NewLead},
    json::Kept,
};

/// Characters that a need has at most.
const MOST_NEED: usize = 4000;

impl Lead {
    /// Takes over what a further report of the same lead says: blanks are filled, nothing is overwritten, references are added. The
    /// report itself is kept beside it (`store::Report`).
    pub fn absorb(self, new: NewLead) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let mut next = self.next();
        let more: Vec<_> = new.external_refs.into_iter().filter(|one| !next.external_refs.0.contains(one)).collect();
        next.external_refs.0.extend(more);
        if let (None, Some(phone)) = (&next.contact_phone, new.contact_phone) {
            next.phone_key = phone_key(phone.as_str());
            next.contact_phone = Some(phone.into_string());
        }
        let next = Self {
            contact_name: next.contact_name.or(new.contact_name.map(wire::Name::into_string)),
            contact_email: next.contact_email.or(new.contact_email.map(EmailAddress::into_string)),
            region: next.region.or(new.region.map(wire::Name::into_string)),
            referrer_account_id: next.referrer_account_id.or(new.referrer_account_id),
            need: next.need.or(new.need.map(wire::Note::into_string)),
            ..next
        };
        let next = next.fits()?;
        let event = LeadDuplicateDetected(next.snapshot());
        Ok(Change::new("absorb", next).emit(&event))
    }
    /// As many references and talks as are kept, and no more.
    fn fits(self) -> Result<Self, LeadRule> {
        let count = self.external_refs.0.len();
        if count > MOST_REFS {
            return Err(LeadRule::Refs { count });
        }
        if self.touches.0.len() > MOST_TOUCHES { Err(LeadRule::Touches) } else { Ok(self) }
    }
    /// It is the same as `into`, which has taken over what it has: references and talks are no longer its own, the rest stays.
    pub fn merge(self, into: &Self, reason: String) -> platform::Result<Change<Self>> {
        self.may("merge")?;
        let mut next = self.to(Status::Merged);
        (next.external_refs, next.touches) = (Kept(Vec::new()), Kept(Vec::new()));
        (next.merged_into_id, next.reason) = (Some(into.id), Some(reason.clone()));
        let Self { id, number, case_id, version, .. } = next.clone();
        let (into_number, into_case_id) = (into.number.clone(), into.case_id);
        let merged = LeadMerged { id, number, case_id, into_id: into.id, into_number, into_case_id, version };
        let change = Change::new("merge", next).emit(&CaseMerged { case_id, into_case_id });
        Ok(change.emit(&merged).because(reason))
    }
    /// Takes over what `other` has, which is merged into it: its talks in their order, its references, its need behind one's own,
    /// and what is blank here. Where the two needs are too long for one, one's own is kept; the other lead keeps its own, too.
    pub fn take_over(self, other: &Self) -> platform::Result<Change<Self>> {
        if self.id == other.id {
            return Err(LeadRule::MergeSelf.into());
        }
        self.may("update").map_err(|_| LeadRule::MergeInto { number: self.number.clone() })?;
        let (mut next, other) = (self.next(), other.clone());
        next.touches.0.extend(other.touches.0);
        next.touches.0.sort_by_key(|touch| touch.at);
        next.external_refs.0.extend(other.external_refs.0);
        let mut next = next.fits()?;
        let need = match (next.need.take(), other.need) {
            (Some(own), Some(theirs)) if own != theirs => {
                let both = format!("{own}\n{theirs}");
                Some(if both.chars().count() > MOST_NEED { own } else { both })
            }
            (own, theirs) => own.or(theirs),
        };
        if next.contact_phone.is_none() {
            (next.contact_phone, next.phone_key) = (other.contact_phone, other.phone_key);
        }
        let next = Self {
            need,
            contact_name: next.contact_name.or(other.contact_name),
            contact_email: next.contact_email.or(other.contact_email),
            region: next.region.or(other.region),
            referrer_account_id: next.referrer_account_id.or(other.referrer_account_id),
            account_id: next.account_id.or(other.account_id),
            touched_at: next.touched_at.max(other.touched_at),
            ..next
        };
        Ok(Change::new("take_over", next))
    }
}
