//! The choice (PRO-19 to 21, PRO-37): who may make it, of what, on which grounds. Pure, like `domain`.
use super::{Invitation, LineRow, Rfq, RfqRule, Status, day_of};
use crate::rfqs::comparison::{compare, offered};
use platform::{Change, Machine, Refused, Stamp};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;
use wire::{
    Label,
    json::Kept,
    procurement::{AwardBasis, AwardRfq, RfqAward, RfqAwardLine, RfqAwarded, SupplierId},
};

impl Rfq {
    /// Gives every line to a supplier. Whoever calls has made sure that these are still qualified.
    pub fn award(self, asked: AwardRfq, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("award")?;
        if self.invitations.iter().filter_map(Invitation::counted).any(|quote| quote.recorded_by == by.actor) {
            return Err(RfqRule::OwnQuote.into());
        }
        let basis = self.head.ruling.as_ref().map_or(AwardBasis::OnlyQuote, |ruling| ruling.0.basis);
        if asked.basis != basis {
            return Err(RfqRule::AwardBasis { basis }.into());
        }
        let lines = self.awarded(&asked)?;
        let chosen: BTreeSet<SupplierId> = lines.iter().map(|line| line.supplier_id).collect();
        self.sampled(basis, &chosen)?;
        self.still_valid(&chosen, by)?;
        let recommended = compare(&self)?.recommended_supplier_id;
        if asked.reason.is_none() && chosen != recommended.into_iter().collect() {
            return Err(RfqRule::AwardReason.into());
        }
        let of_interest = self.chosen(&chosen).find(|one| one.recommendation.is_some());
        if let Some(invitation) = of_interest.filter(|_| !asked.no_conflict_of_interest) {
            return Err(RfqRule::ConflictOfInterest { name: invitation.supplier_name.clone() }.into());
        }
        let reason = asked.reason.map(Label::into_string);
        let award = RfqAward {
            basis,
            recommended_supplier_id: recommended,
            reason: reason.clone(),
            no_conflict_of_interest: asked.no_conflict_of_interest,
            awarded_by: by.actor.clone(),
            awarded_at: by.at,
            lines,
        };
        let event = RfqAwarded {
            rfq_id: self.head.id,
            number: self.head.number.clone(),
            currency: self.head.currency,
            award: award.clone(),
        };
        let mut next = self.to(Status::Awarded);
        next.head.award = Some(Kept(award));
        let change = Change::new("award", next).emit(&event);
        Ok(match reason {
            Some(reason) => change.because(reason),
            None => change,
        })
    }

    /// Each line with its supplier's price.
    fn awarded(&self, asked: &AwardRfq) -> Result<Vec<RfqAwardLine>, RfqRule> {
        let split: HashMap<Uuid, SupplierId> =
            asked.lines.iter().map(|line| (line.requisition_line_id, line.supplier_id)).collect();
        let whole = match asked.supplier_id {
            Some(_) if !asked.lines.is_empty() => return Err(RfqRule::AwardTarget),
            None if split.len() != self.lines.len() || asked.lines.len() != self.lines.len() => {
                return Err(RfqRule::AwardTarget);
            }
            whole => whole,
        };
        let one = |line: &LineRow| {
            let supplier = whole.or_else(|| split.get(&line.requisition_line_id).copied());
            self.at_its_price(line, supplier.ok_or(RfqRule::AwardTarget)?)
        };
        self.lines.iter().map(one).collect()
    }
    fn at_its_price(&self, line: &LineRow, id: SupplierId) -> Result<RfqAwardLine, RfqRule> {
        let invitation = self.invitations.iter().find(|one| one.supplier_id == id).ok_or(RfqRule::NotInvited { id })?;
        let offer = offered(invitation, line)
            .ok_or_else(|| RfqRule::NotOffered { name: invitation.supplier_name.clone(), line: line.line_number })?;
        Ok(RfqAwardLine {
            requisition_id: line.requisition_id,
            requisition_line_id: line.requisition_line_id,
            supplier_id: id,
            supplier_name: invitation.supplier_name.clone(),
            sku: line.sku.clone(),
            specification: line.specification.clone(),
            quantity: line.quantity,
            unit_price: offer.unit_price,
            tax_rate: offer.tax_rate,
            lead_time_days: offer.lead_time_days,
        })
    }
    /// Where the rule asked for a test, each chosen supplier has passed one.
    fn sampled(&self, basis: AwardBasis, chosen: &BTreeSet<SupplierId>) -> Result<(), Refused> {
        let untested = chosen.iter().find(|id| !self.basis.passed.contains(id));
        match untested {
            Some(id) if basis == AwardBasis::SampleTest => {
                Err(Refused::Gates { entity: "rfq", action: "award", closed: vec![Self::sample_gate().on(id)] })
            }
            _ => Ok(()),
        }
    }
    fn still_valid(&self, chosen: &BTreeSet<SupplierId>, by: &Stamp) -> Result<(), RfqRule> {
        for invitation in self.chosen(chosen) {
            if let Some(quote) = invitation.counted().filter(|quote| quote.valid_until < day_of(by.at)) {
                return Err(RfqRule::Expired { name: invitation.supplier_name.clone(), day: quote.valid_until });
            }
        }
        Ok(())
    }
    fn chosen<'a>(&'a self, ids: &'a BTreeSet<SupplierId>) -> impl Iterator<Item = &'a Invitation> {
        self.invitations.iter().filter(|one| ids.contains(&one.supplier_id))
    }
}
